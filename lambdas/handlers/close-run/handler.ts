import { retrainingRequested } from '../../contracts/retraining-requested.ts';
import type { ExecutionStatusChanged } from '../../contracts/step-functions-events.ts';
import type { ExecutionReader } from '../../domain/ports/executions.ts';
import type { RunLedger } from '../../domain/ports/run-ledger.ts';
import { closeRun } from '../../domain/training/close-run.ts';
import { endingOf, hasEnded } from '../../domain/training/run-outcome.ts';
import { logger } from '../../runtime/logger.ts';
import { parseJsonAs } from '../../runtime/parse.ts';
import { readTrainingOutput } from '../../runtime/training-output.ts';

interface World {
  readonly ledger: RunLedger;
  readonly executions: ExecutionReader;
  readonly now: () => string;
}

/** Closes the run of an execution that ended. */
export function closeEndedExecution({ ledger, executions, now }: World) {
  const close = closeRun({ ledger, now });
  return async ({ executionArn, status }: ExecutionStatusChanged): Promise<void> => {
    if (!hasEnded(status)) return;
    const execution = await executions.describe(executionArn);
    if (!execution) {
      throw new Error(`${executionArn} was announced as ${status}, but Step Functions does not know it`);
    }
    // Redriven since: another event will tell the end.
    if (!hasEnded(execution.status)) return;

    const { project, runId } = parseJsonAs(
      retrainingRequested.detail,
      execution.input,
      `the input of ${executionArn}`,
    );
    const ending = endingOf(execution, readTrainingOutput);
    if (await close({ project, runId, executionArn }, ending))
      logger.info(`run ${ending.outcome}`, { project, runId, reasons: ending.reasons });
  };
}
