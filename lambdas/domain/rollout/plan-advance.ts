import type { RolloutState } from '../../contracts/rollout-steps.ts';
import type { RoutingTable } from '../../contracts/routing.ts';
import type { RolloutLimits, StepVerdict } from './judge-step.ts';
import {
  beginRollout,
  promote,
  raiseWeight,
  withdrawChallenger,
  type Transition,
  type TransitionResult,
} from './routing-transitions.ts';

/** Where a rollout stands after a call; the machine's own members (project, version, address) are added to it. */
export type Standing = Required<Pick<RolloutState, 'step' | 'bakes' | 'next' | 'reasons'>> &
  Pick<RolloutState, 'stepStartedAt'>;

/** What a call answers, once its transition, if there is one, is written. */
export interface Move {
  readonly standing: Standing;
  readonly transition?: Transition;
}

/** A move, or the wish for figures to judge the present step by. */
export type Plan = Move | { readonly judgeSince: string; readonly champion: number };

/**
 * What a call of `advance-rollout` is to do. The routing table is the truth: a step begins with the write of its
 * weight, at the table's `updatedAt`, so a call repeated after its write finds another instant there than its own
 * and reports the step that has begun instead of beginning one more.
 * @param now ISO 8601
 */
export function planAdvance(
  state: RolloutState,
  table: RoutingTable | undefined,
  limits: RolloutLimits,
  now: string,
): Plan {
  const { version } = state;
  if (table?.champion.version === version)
    return ended(state, 'promoted', `version ${version} is the champion`);
  if (table?.challenger?.version === version) {
    if (state.stepStartedAt === table.updatedAt) {
      return { judgeSince: table.updatedAt, champion: table.champion.version };
    }
    const { weightPercent } = table.challenger;
    const reason = `version ${version} has ${weightPercent} % of the traffic already`;
    return { standing: stepBegun(stepsTaken(weightPercent, limits), table.updatedAt, [reason]) };
  }
  const newer = newestAbove(version, table);
  if (newer !== undefined)
    return ended(state, 'superseded', `version ${newer} is newer and has taken its place`);
  if (state.step > 0) return ended(state, 'rolled-back', `version ${version} is no longer the challenger`);
  const weight = limits.steps[0];
  const share =
    weight === undefined ? 'the project has no rollout steps' : `first step: ${weight} % of the traffic`;
  const reason = table ? share : `version ${version} was approved`;
  const occasion = { reasons: [reason], at: now };
  return moveBy(beginRollout(table, state, weight, occasion), state, now);
}

/** The move that a verdict asks for. @param now ISO 8601 */
export function moveByVerdict(
  state: RolloutState,
  table: RoutingTable | undefined,
  { verdict, reasons }: StepVerdict,
  limits: RolloutLimits,
  now: string,
): Move {
  if (verdict === 'bake') {
    return {
      standing: {
        ...stepBegun(state.step, state.stepStartedAt ?? table?.updatedAt ?? now, reasons),
        bakes: state.bakes + 1,
      },
    };
  }
  const occasion = { reasons, at: now };
  if (verdict === 'roll-back') {
    return moveBy(withdrawChallenger(table, state.version, 'verdict', occasion), state, now);
  }
  const present = table?.challenger?.weightPercent ?? 0;
  const weight = limits.steps.find((step) => step > present);
  return weight === undefined
    ? moveBy(promote(table, state.version, occasion), state, now)
    : moveBy(raiseWeight(table, state.version, weight, occasion), state, now);
}

function moveBy(transition: TransitionResult, state: RolloutState, now: string): Move {
  if ('refused' in transition) return ended(state, 'superseded', transition.refused);
  const { kind, detail } = transition.announce;
  if (kind === 'advanced') return { transition, standing: stepBegun(state.step + 1, now, detail.reasons) };
  const standing = { ...state, next: kind, reasons: detail.reasons };
  return { transition, standing };
}

function stepBegun(step: number, stepStartedAt: string, reasons: readonly string[]): Standing {
  return { step, bakes: 0, stepStartedAt, next: 'bake', reasons: [...reasons] };
}

function ended(state: RolloutState, next: Standing['next'], reason: string): Move {
  return { standing: { ...state, next, reasons: [reason] } };
}

/** Steps whose share the challenger has reached: at least one, even if the project's steps changed meanwhile. */
function stepsTaken(weightPercent: number, { steps }: RolloutLimits): number {
  return Math.max(1, steps.filter((step) => step <= weightPercent).length);
}

function newestAbove(version: number, table: RoutingTable | undefined): number | undefined {
  const newer = [table?.champion.version ?? 0, table?.challenger?.version ?? 0].filter(
    (other) => other > version,
  );
  return newer.length === 0 ? undefined : Math.max(...newer);
}
