import type { PolicyState } from '../../contracts/ledger.ts';
import { ConflictError } from '../errors.ts';
import type { RunClosing, RunInLedger, RunLedger } from '../ports/run-ledger.ts';
import type { RunEnding } from './run-outcome.ts';

/** Lost races after which the caller has to come again. */
const attempts = 5;

interface World {
  readonly ledger: RunLedger;
  readonly now: () => string;
}

/** Names a run and its execution. */
interface EndedRun {
  readonly project: string;
  readonly runId: string;
  readonly executionArn: string;
}

/**
 * Writes down how a run ended and frees the project's place for the next one, in one commit; however often and by
 * however many callers it is told, the run is closed and announced once.
 *
 * The returned function says whether it was this call that closed the run.
 * @throws ConflictError when others kept changing the records
 */
export function closeRun({ ledger, now }: World) {
  return async ({ project, runId, executionArn }: EndedRun, ending: RunEnding): Promise<boolean> => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const before = await ledger.read(project, runId);
      if (before.run.state !== 'requested' && before.run.state !== 'running') return false;
      const closing = closingOf(before, ending, executionArn, now());
      if (await ledger.close(before, closing)) return true;
    }
    throw new ConflictError(`others kept changing the records of run ${runId}`);
  };
}

function closingOf(
  { run, policy }: RunInLedger,
  { outcome, reasons, metrics, championMetrics, version }: RunEnding,
  executionArn: string,
  at: string,
): RunClosing {
  const { project, runId } = run;
  return {
    run: {
      ...run,
      revision: run.revision + 1,
      state: outcome,
      reasons,
      metrics,
      championMetrics,
      version,
      executionArn,
      finishedAt: at,
    },
    policy:
      policy?.activeRun === runId
        ? freed(policy, outcome === 'failed' ? run.previousTrainedRows : policy.trainedRows)
        : undefined,
    announce: { project, runId, outcome, version, reasons, finishedAt: at },
  };
}

/**
 * @param trainedRows a failed run learned nothing from its rows, so they count as new again. A rejected one did:
 *   training on the same rows would be refused again
 */
function freed({ activeRun: _ended, ...policy }: PolicyState, trainedRows: number): PolicyState {
  return { ...policy, revision: policy.revision + 1, trainedRows };
}
