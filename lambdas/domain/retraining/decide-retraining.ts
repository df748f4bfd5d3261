import type { DatasetHead, PolicyState } from '../../contracts/ledger.ts';
import type { ProjectDefinition } from '../../contracts/project-definition.ts';
import type { RetrainingCause } from '../../contracts/retraining-requested.ts';

export interface RetrainingDecision {
  readonly answer: 'requested' | 'declined';
  /** A yes: one sentence for each rule looked at. A no: one for each rule that said no. Never empty. */
  readonly reasons: readonly string[];
}

interface Ruling {
  readonly allows: boolean;
  readonly sentence: string;
}

/**
 * The retraining policy. The same arguments always give the same answer.
 *
 * There must be data, and no run of the project may be going: nobody overrides these two. The cool-down and the
 * number of new rows hold for every cause but a person. The first training asks for `minimumNewRows`, whatever its cause.
 *
 * @param state what the policy remembers; undefined before the first request
 * @param now ISO 8601
 * @param timeScale multiplies the project's durations: 1, or less where a story is told faster
 */
export function decideRetraining(
  cause: RetrainingCause,
  state: PolicyState | undefined,
  dataset: DatasetHead | undefined,
  policy: ProjectDefinition['retraining'],
  now: string,
  timeScale: number,
): RetrainingDecision {
  if (!dataset) {
    return { answer: 'declined', reasons: ['there is no data yet: upload a file to the project first'] };
  }
  const rulings = [
    activeRun(state),
    coolDown(cause, state, policy, now, timeScale),
    newRows(cause, state?.trainedRows ?? 0, dataset.rows, policy),
  ];
  const refusals = rulings.filter(({ allows }) => !allows);
  return refusals.length > 0
    ? { answer: 'declined', reasons: refusals.map(({ sentence }) => sentence) }
    : { answer: 'requested', reasons: rulings.map(({ sentence }) => sentence) };
}

function activeRun(state: PolicyState | undefined): Ruling {
  if (state?.activeRun) return { allows: false, sentence: `run ${state.activeRun} is still going` };
  return { allows: true, sentence: 'no other run is going' };
}

function coolDown(
  cause: RetrainingCause,
  state: PolicyState | undefined,
  policy: ProjectDefinition['retraining'],
  now: string,
  timeScale: number,
): Ruling {
  if (!state?.lastRequestedAt) return { allows: true, sentence: 'no run was requested before' };
  const elapsedSeconds = (Date.parse(now) - Date.parse(state.lastRequestedAt)) / 1000;
  const requiredSeconds = policy.coolDownMinutes * 60 * timeScale;
  const numbers =
    `the last run was requested ${duration(elapsedSeconds)} ago, ` +
    `the cool-down is ${duration(requiredSeconds)}`;
  if (elapsedSeconds >= requiredSeconds) return { allows: true, sentence: numbers };
  if (cause === 'person') return { allows: true, sentence: `${numbers}, which a person overrides` };
  return { allows: false, sentence: numbers };
}

function newRows(
  cause: RetrainingCause,
  trainedRows: number,
  datasetRows: number,
  policy: ProjectDefinition['retraining'],
): Ruling {
  // A dataset begun anew, after a change of schema, may be smaller than what was trained on.
  const fresh = Math.max(0, datasetRows - trainedRows);
  const onDrift = cause === 'drift' && trainedRows > 0;
  const required = onDrift ? policy.minimumNewRowsOnDrift : policy.minimumNewRows;
  const numbers =
    `${fresh} new rows since the last training, at least ${required} wanted` +
    (onDrift ? ' after drift' : '');
  if (fresh >= required) return { allows: true, sentence: numbers };
  if (cause === 'person') return { allows: true, sentence: `${numbers}, which a person overrides` };
  return { allows: false, sentence: numbers };
}

/** Seconds with one decimal below a minute, whole minutes from there. */
function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds * 10) / 10} s`;
  return `${Math.floor(seconds / 60)} min`;
}
