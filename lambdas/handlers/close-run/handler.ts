import { outboxEvent } from '../../contracts/define-event.ts';
import { ledgerKeys, policyState, runRecord } from '../../contracts/ledger.ts';
import type { PolicyState, RunRecord } from '../../contracts/ledger.ts';
import { retrainingRequested } from '../../contracts/retraining-requested.ts';
import type { ExecutionStatusChanged } from '../../contracts/step-functions-events.ts';
import { trainingRunFinished } from '../../contracts/training-run-finished.ts';
import { trainingOutput } from '../../contracts/training-steps.ts';
import { ConflictError, PermanentError } from '../../domain/errors.ts';
import type { ExecutionDescription, ExecutionReader } from '../../domain/ports/executions.ts';
import type { Records, RecordWrite } from '../../domain/ports/records.ts';
import { endingByFailure, endingByOutput } from '../../domain/training/run-outcome.ts';
import type { RunEnding } from '../../domain/training/run-outcome.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs, parseJsonAs } from '../../runtime/parse.ts';

/** Lost races after which the message goes back to its queue. */
const attempts = 5;

interface World {
  readonly records: Records;
  readonly executions: ExecutionReader;
  readonly now: () => string;
}

/** Writes down how a run ended and frees the project's place for the next one, in one commit. */
export function closeRun({ records, executions, now }: World) {
  return async ({ executionArn, status }: ExecutionStatusChanged): Promise<void> => {
    if (!hasEnded(status)) return;
    const execution = await executions.describe(executionArn);
    // Redriven since: another event will tell the end.
    if (!hasEnded(execution.status)) return;

    const { project, runId } = parseJsonAs(
      retrainingRequested.detail,
      execution.input,
      `the input of ${executionArn}`,
    );
    const ending = endingOf(execution);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const [storedRun, storedPolicy] = await Promise.all([
        records.read({ project, record: ledgerKeys.run(runId) }),
        records.read({ project, record: ledgerKeys.policy }),
      ]);
      const run = parseAs(runRecord, storedRun, `the record of run ${runId}`);
      if (run.state !== 'requested' && run.state !== 'running') return;
      const policy =
        storedPolicy === undefined
          ? undefined
          : parseAs(policyState, storedPolicy, `the policy record of '${project}'`);
      const writes = [close(run, ending, executionArn, now()), ...free(policy, run, ending)];
      if (await records.commit(writes)) {
        logger.info(`run ${ending.outcome}`, { project, runId, reasons: ending.reasons });
        return;
      }
    }
    throw new ConflictError(`others kept changing the records of run ${runId}`);
  };
}

function hasEnded(status: string): boolean {
  return status !== 'RUNNING' && status !== 'PENDING_REDRIVE';
}

function endingOf({ status, output, error, cause }: ExecutionDescription): RunEnding {
  if (status !== 'SUCCEEDED') return endingByFailure(status, error, cause);
  try {
    return endingByOutput(parseJsonAs(trainingOutput, output ?? '', "the training machine's output"));
  } catch (malformed) {
    // Burying this event would keep the project's place taken for ever.
    if (malformed instanceof PermanentError) return endingByFailure(status, undefined, malformed.message);
    throw malformed;
  }
}

function close(run: RunRecord, ending: RunEnding, executionArn: string, at: string): RecordWrite {
  const { outcome, reasons, metrics, championMetrics, version } = ending;
  const { project, runId } = run;
  const item: RunRecord = {
    ...run,
    revision: run.revision + 1,
    state: outcome,
    reasons,
    metrics,
    championMetrics,
    version,
    executionArn,
    finishedAt: at,
  };
  return {
    item,
    condition: { revision: run.revision },
    announce: outboxEvent(trainingRunFinished, { project, runId, outcome, version, reasons, finishedAt: at }),
  };
}

/**
 * A failed run learned nothing from its rows, so they count as new again. A rejected one did: training on the same rows
 * would be refused again.
 */
function free(policy: PolicyState | undefined, run: RunRecord, { outcome }: RunEnding): RecordWrite[] {
  if (policy?.activeRun !== run.runId) return [];
  const { activeRun: _ended, ...rest } = policy;
  return [
    {
      item: {
        ...rest,
        revision: policy.revision + 1,
        trainedRows: outcome === 'failed' ? run.previousTrainedRows : policy.trainedRows,
      },
      condition: { revision: policy.revision },
    },
  ];
}
