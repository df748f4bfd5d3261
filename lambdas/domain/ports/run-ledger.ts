import type { PolicyState, RunRecord } from '../../contracts/ledger.ts';
import type { TrainingRunFinished } from '../../contracts/training-run-finished.ts';

/** A run, and what the retraining policy of its project remembers. */
export interface RunInLedger {
  readonly run: RunRecord;
  readonly policy: PolicyState | undefined;
}

/** What the end of a run changes, as one commit. */
export interface RunClosing {
  readonly run: RunRecord;
  /** Left out when another run holds the project's place. */
  readonly policy: PolicyState | undefined;
  readonly announce: TrainingRunFinished;
}

/** The runs of every project. */
export interface RunLedger {
  /** @throws PermanentError when there is no such run, or a record is malformed */
  read(project: string, runId: string): Promise<RunInLedger>;
  /**
   * @param before what the closing was made from
   * @returns false when a record changed meanwhile: read it and decide again
   */
  close(before: RunInLedger, closing: RunClosing): Promise<boolean>;
}
