import type { DynamoDbMonitors } from '../../adapters/dynamodb-monitors.ts';
import type { DynamoDbRouting } from '../../adapters/dynamodb-routing.ts';
import type { ProjectCatalog } from '../../contracts/project-definition.ts';
import { rolloutState, type RolloutState } from '../../contracts/rollout-steps.ts';
import type { RoutingTable } from '../../contracts/routing.ts';
import { ConflictError, PermanentError } from '../../domain/errors.ts';
import { judgeStep, type RolloutLimits } from '../../domain/rollout/judge-step.ts';
import { moveByVerdict, planAdvance, type Move, type Standing } from '../../domain/rollout/plan-advance.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs } from '../../runtime/parse.ts';

/** Lost races before the machine is left to try again. */
const attempts = 5;

interface World {
  readonly projects: ProjectCatalog;
  readonly routing: DynamoDbRouting;
  readonly monitors: DynamoDbMonitors;
  readonly now: () => string;
  /** Multiplies the time that a step bakes. */
  readonly timeScale: number;
}

/** Takes a rollout one move further: begins, judges the present step, raises, promotes or rolls back. */
export function advanceRollout(world: World) {
  return async (input: unknown): Promise<RolloutState> => {
    const state = parseAs(rolloutState, input, 'the state of the rollout machine');
    const limits = world.projects[state.project]?.rollout;
    if (!limits) {
      throw new PermanentError(
        `project '${state.project}' is not deployed: its rollout has no steps to take`,
      );
    }
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const table = await world.routing.read(state.project);
      const { standing, transition } = await decideMove(world, state, table, limits);
      if (transition && !(await world.routing.move(table, transition))) continue;
      const { project, version } = state;
      logger.info('rollout moved', { project, version, ...standing });
      return answer(state, standing, waitSeconds(standing, limits, world.timeScale));
    }
    throw new ConflictError(
      `the routing of '${state.project}' was changed by others ${attempts} times in a row`,
    );
  };
}

async function decideMove(
  { monitors, now }: World,
  state: RolloutState,
  table: RoutingTable | undefined,
  limits: RolloutLimits,
): Promise<Move> {
  const at = now();
  const plan = planAdvance(state, table, limits, at);
  if ('standing' in plan) return plan;
  const [challenger, champion] = await Promise.all(
    [state.version, plan.champion].map((version) =>
      monitors.countersSince(state.project, version, plan.judgeSince, at),
    ),
  );
  if (!challenger || !champion) throw new Error('figures are missing for one of two versions');
  return moveByVerdict(state, table, judgeStep(challenger, champion, limits, state.bakes), limits, at);
}

function answer(
  { project, version, artifactUri }: RolloutState,
  { step, bakes, stepStartedAt, next, reasons }: Standing,
  wait: number,
): RolloutState {
  return {
    project,
    version,
    artifactUri,
    step,
    bakes,
    ...(stepStartedAt !== undefined && { stepStartedAt }),
    next,
    waitSeconds: wait,
    reasons,
  };
}

function waitSeconds({ next }: Standing, { bakeMinutes }: RolloutLimits, timeScale: number): number {
  return next === 'bake' ? Math.max(1, Math.ceil(bakeMinutes * 60 * timeScale)) : 0;
}
