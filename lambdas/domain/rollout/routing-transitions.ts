import type {
  ModelVersionPromoted,
  ModelVersionRolledBack,
  RolloutAdvanced,
} from '../../contracts/rollout-events.ts';
import type { RouteTarget, RoutingTable } from '../../contracts/routing.ts';

/** What a change of the routing table tells the others. */
export type RolloutFact =
  | { readonly kind: 'advanced'; readonly detail: RolloutAdvanced }
  | { readonly kind: 'promoted'; readonly detail: ModelVersionPromoted }
  | { readonly kind: 'rolled-back'; readonly detail: ModelVersionRolledBack };

/** The routing table after a change, to be written if its revision is still the one before. */
export interface Transition {
  readonly next: RoutingTable;
  readonly announce: RolloutFact;
}
export type TransitionResult = Transition | { readonly refused: string };

/** Why a change is made, and when. */
export interface Occasion {
  /** At least one sentence. */
  readonly reasons: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

/** A version that wants its place in a project's traffic. */
export interface Candidate extends RouteTarget {
  readonly project: string;
}

/**
 * Gives a version its first share of the traffic. The first version of all becomes champion, as it does when there is
 * no step to take; an older challenger makes room; a version older than the champion or the challenger is refused.
 * @param weightPercent 1 to 99, or undefined for no step at all
 */
export function beginRollout(
  table: RoutingTable | undefined,
  candidate: Candidate,
  weightPercent: number | undefined,
  occasion: Occasion,
): TransitionResult {
  const { project, version, artifactUri } = candidate;
  const target = { version, artifactUri };
  if (!table) {
    const first = 'the first model of the project: there is no champion to compare it with';
    return {
      next: { project, revision: 1, champion: target, updatedAt: occasion.at },
      announce: {
        kind: 'promoted',
        detail: { project, version, reasons: [...occasion.reasons, first], at: occasion.at },
      },
    };
  }
  const { champion, challenger } = table;
  if (champion.version === version) return { refused: `version ${version} is the champion already` };
  if (champion.version > version) {
    return { refused: `version ${champion.version} is champion and newer than version ${version}` };
  }
  if (challenger && challenger.version >= version) {
    return {
      refused: `version ${challenger.version} is the challenger at ${challenger.weightPercent} % already`,
    };
  }
  const reasons = challenger
    ? [...occasion.reasons, `takes the place of challenger ${challenger.version}, which is older`]
    : occasion.reasons;
  if (weightPercent === undefined) return crown(table, target, { ...occasion, reasons });
  return weigh(table, target, weightPercent, { ...occasion, reasons });
}

/** Gives the challenger a larger share. Refused for any other version, and for a share that is not larger. */
export function raiseWeight(
  table: RoutingTable | undefined,
  version: number,
  weightPercent: number,
  occasion: Occasion,
): TransitionResult {
  const challenger = table?.challenger;
  if (!table || challenger?.version !== version) return notTheChallenger(table, version);
  if (weightPercent <= challenger.weightPercent) {
    return {
      refused: `version ${version} has ${challenger.weightPercent} % already, asked were ${weightPercent} %`,
    };
  }
  return weigh(table, challenger, weightPercent, occasion);
}

/** Makes the challenger champion. Refused for any other version. */
export function promote(
  table: RoutingTable | undefined,
  version: number,
  occasion: Occasion,
): TransitionResult {
  const challenger = table?.challenger;
  if (!table || challenger?.version !== version) return notTheChallenger(table, version);
  return crown(table, challenger, occasion);
}

/** Takes the challenger's share away: the champion gets everything again. Refused for any other version. */
export function withdrawChallenger(
  table: RoutingTable | undefined,
  version: number,
  by: ModelVersionRolledBack['by'],
  occasion: Occasion,
): TransitionResult {
  if (!table || table.challenger?.version !== version) return notTheChallenger(table, version);
  const { project, champion, previous } = table;
  return {
    next: changed(table, { champion, previous }, occasion),
    announce: { kind: 'rolled-back', detail: { project, version, by, ...told(table, occasion) } },
  };
}

/**
 * Goes back, on a person's word: to `target`; or, without one, to the champion during a rollout, to the champion's
 * predecessor otherwise. A champion that gives way is kept as `previous`, so that going back can itself be undone.
 */
export function rollBack(
  table: RoutingTable | undefined,
  target: RouteTarget | undefined,
  occasion: Occasion,
): TransitionResult {
  if (!table) return { refused: 'no model serves yet, so there is nothing to go back from' };
  const { project, champion, challenger, previous } = table;
  if (challenger && (target === undefined || target.version === champion.version)) {
    return withdrawChallenger(table, challenger.version, 'person', occasion);
  }
  if (target?.version === champion.version)
    return { refused: `version ${champion.version} is the champion already` };
  if (challenger && target?.version === challenger.version) {
    return {
      refused: `version ${target.version} is the challenger: its rollout decides whether it becomes champion`,
    };
  }
  const goal = target ?? previous;
  if (!goal) return { refused: `version ${champion.version} is the champion and has no predecessor` };
  return {
    next: changed(table, { champion: bare(goal), previous: champion }, occasion),
    announce: {
      kind: 'rolled-back',
      detail: { project, version: champion.version, by: 'person', ...told(table, occasion) },
    },
  };
}

function weigh(
  table: RoutingTable,
  target: RouteTarget,
  weightPercent: number,
  occasion: Occasion,
): Transition {
  const { project, champion, previous } = table;
  return {
    next: changed(table, { champion, previous, challenger: { ...bare(target), weightPercent } }, occasion),
    announce: {
      kind: 'advanced',
      detail: { project, version: target.version, weightPercent, ...told(table, occasion) },
    },
  };
}

function crown(table: RoutingTable, target: RouteTarget, occasion: Occasion): Transition {
  const { project, champion } = table;
  return {
    next: changed(table, { champion: bare(target), previous: champion }, occasion),
    announce: { kind: 'promoted', detail: { project, version: target.version, ...told(table, occasion) } },
  };
}

type Places = Pick<RoutingTable, 'champion' | 'challenger' | 'previous'>;

function changed(
  table: RoutingTable,
  { champion, challenger, previous }: Places,
  { at }: Occasion,
): RoutingTable {
  return {
    project: table.project,
    revision: table.revision + 1,
    champion,
    ...(challenger && { challenger }),
    ...(previous && { previous }),
    updatedAt: at,
  };
}

function told({ champion }: RoutingTable, { reasons, at }: Occasion) {
  return { champion: champion.version, reasons: [...reasons], at };
}

function bare({ version, artifactUri }: RouteTarget): RouteTarget {
  return { version, artifactUri };
}

function notTheChallenger(table: RoutingTable | undefined, version: number): { refused: string } {
  const challenger = table?.challenger?.version;
  return {
    refused: `version ${version} is not the challenger: ${challenger === undefined ? 'there is none' : `version ${challenger} is`}`,
  };
}
