import { unfinishedJob } from './unfinished-job.ts';

const longest = 500;

/** Ours are written as sentences, to which the class adds nothing; the emulator's functions name no class at all. */
const saysNothing = new Set(['Error', 'PermanentError', 'Runtime.HandlerError']);

/**
 * What went wrong, as one sentence for a person.
 *
 * @param cause the cause of a failed execution: a Lambda's error (`{"errorMessage", "errorType"}`), a training job
 *   (`{"FailureReason"}`, or none when it was stopped) or plain text, a Python traceback included
 * @param fallback the answer when the cause says nothing
 */
export function firstLine(cause: string | undefined, fallback: string): string {
  const members = jsonMembers(cause ?? '');
  const line =
    lambdaError(members) ?? trainingFailure(members) ?? stoppedTraining(members) ?? plainText(cause ?? '');
  return line?.slice(0, longest) || fallback;
}

function lambdaError({ errorMessage, errorType }: Record<string, unknown>): string | undefined {
  if (typeof errorMessage !== 'string') return undefined;
  const message = plainText(errorMessage);
  if (typeof errorType !== 'string' || saysNothing.has(errorType)) return message;
  return message ? `${errorType}: ${message}` : errorType;
}

/** SageMaker wraps what the trainer left in `/opt/ml/output/failure`: `AlgorithmError: …, exit code: 1`. */
function trainingFailure({ FailureReason }: Record<string, unknown>): string | undefined {
  if (typeof FailureReason !== 'string') return undefined;
  const reason = FailureReason.replace(/^AlgorithmError:\s*/, '');
  const message = plainText(reason.replace(/,?\s*exit code: \d+\s*$/i, ''));
  return message ?? `the training code ended without saying why (${reason.trim() || 'no details given'})`;
}

/** A job that was stopped has no reason of its own, only its statuses. */
function stoppedTraining({
  TrainingJobName,
  TrainingJobStatus,
  SecondaryStatus,
}: Record<string, unknown>): string | undefined {
  if (typeof TrainingJobName !== 'string' || typeof TrainingJobStatus !== 'string') return undefined;
  const secondary = typeof SecondaryStatus === 'string' ? SecondaryStatus : undefined;
  return plainText(unfinishedJob(TrainingJobName, TrainingJobStatus, secondary));
}

/** A traceback tells what happened in its last line, anything else in its first. */
function plainText(text: string): string | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines[0]?.startsWith('Traceback (most recent call last)') ? lines.at(-1) : lines[0];
}

/** The members of a JSON object; none for any other text. */
function jsonMembers(text: string): Record<string, unknown> {
  if (!text.trimStart().startsWith('{')) return {};
  try {
    return Object.fromEntries(Object.entries<unknown>(Object(JSON.parse(text))));
  } catch {
    // A cause longer than Step Functions keeps is cut short: no longer JSON, still readable.
    return {};
  }
}
