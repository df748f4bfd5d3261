import type { RunRecord } from '../../contracts/ledger.ts';
import type { ExecutionReader } from '../../domain/ports/executions.ts';
import type { RunLedger } from '../../domain/ports/run-ledger.ts';
import { closeRun } from '../../domain/training/close-run.ts';
import { endingByFailure, endingOf, hasEnded } from '../../domain/training/run-outcome.ts';
import type { RunEnding } from '../../domain/training/run-outcome.ts';
import { logger } from '../../runtime/logger.ts';
import { readTrainingOutput } from '../../runtime/training-output.ts';

/** The training machine ends every execution long before, and Step Functions has heard of it long since. */
const unknownAfterHours = 48;

interface World {
  readonly ledger: RunLedger;
  readonly executions: ExecutionReader;
  readonly now: () => string;
}

/**
 * Closes the run that holds a project's place if its execution has ended: Step Functions sends the event of that by best
 * effort only, and a lost one must not hold the place for ever. A run without an execution is left to whoever starts it.
 *
 * The returned function says whether the run's execution is over, so that its place may be free now.
 */
export function closeUnannounced({ ledger, executions, now }: World) {
  const close = closeRun({ ledger, now });
  return async (project: string, runId: string): Promise<boolean> => {
    const { run } = await ledger.read(project, runId);
    const { executionArn } = run;
    if (executionArn === undefined) return false;
    const ending = await endingOfExecution(executions, executionArn, run, now());
    if (!ending) return false;
    if (await close({ project, runId, executionArn }, ending)) {
      const { outcome, reasons } = ending;
      logger.warn(`run ${outcome}, as found when its place was asked for`, { project, runId, reasons });
    }
    return true;
  };
}

/** @returns undefined while the execution is going, or may be */
async function endingOfExecution(
  executions: ExecutionReader,
  executionArn: string,
  { requestedAt }: RunRecord,
  at: string,
): Promise<RunEnding | undefined> {
  const execution = await executions.describe(executionArn);
  if (execution) return hasEnded(execution.status) ? endingOf(execution, readTrainingOutput) : undefined;
  const hours = (Date.parse(at) - Date.parse(requestedAt)) / 3_600_000;
  if (hours < unknownAfterHours) return undefined;
  return endingByFailure(
    'UNKNOWN',
    undefined,
    `Step Functions does not know execution ${executionArn} any more, so nobody can tell how the run ended`,
  );
}
