import type { RunRecord } from '../../contracts/ledger.ts';
import type { RunOutcome } from '../../contracts/training-run-finished.ts';
import type { EvaluationResult, RegistrationResult } from '../../contracts/training-steps.ts';
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
