import type { RunRecord } from '../../contracts/ledger.ts';
import type { RunOutcome } from '../../contracts/training-run-finished.ts';
import type { EvaluationResult, RegistrationResult } from '../../contracts/training-steps.ts';
import { PermanentError } from '../errors.ts';
import type { ExecutionDescription } from '../ports/executions.ts';
import { firstLine } from './first-line.ts';

/** How a run ended, as its record keeps it. */
export type RunEnding = { readonly outcome: RunOutcome; readonly reasons: string[] } & Pick<
  RunRecord,
  'metrics' | 'championMetrics' | 'version'
>;

/** Ending of an execution that succeeded: a candidate that was registered, or a challenger that was refused. */
export function endingByOutput(output: RegistrationResult | EvaluationResult): RunEnding {
  const { metrics, championMetrics, reasons } = output;
  return 'version' in output
    ? { outcome: 'registered', reasons, metrics, championMetrics, version: output.version }
    : { outcome: 'rejected', reasons, metrics, championMetrics };
}

/** Ending of an execution that did not succeed. @param status FAILED, TIMED_OUT or ABORTED */
export function endingByFailure(
  status: string,
  error: string | undefined,
  cause: string | undefined,
): RunEnding {
  const fallback = error
    ? `the run ended as ${status}: ${error}`
    : `the run ended as ${status}, with no cause given`;
  return { outcome: 'failed', reasons: [firstLine(cause, fallback)] };
}

/**
 * Ending of an execution that is over.
 * @param readOutput reads the output of one that succeeded; throws PermanentError when it is not what it should be
 */
export function endingOf(
  { status, output, error, cause }: ExecutionDescription,
  readOutput: (json: string) => RegistrationResult | EvaluationResult,
): RunEnding {
  if (status !== 'SUCCEEDED') return endingByFailure(status, error, cause);
  try {
    return endingByOutput(readOutput(output ?? ''));
  } catch (malformed) {
    // Refusing the execution would keep the project's place taken for ever.
    if (malformed instanceof PermanentError) return endingByFailure(status, undefined, malformed.message);
    throw malformed;
  }
}

/** Whether an execution of this status is over. One that waits for its redrive is not. */
export function hasEnded(status: string): boolean {
  return status !== 'RUNNING' && status !== 'PENDING_REDRIVE';
}
