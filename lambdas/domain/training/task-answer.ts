import type { TrainingJobDescription } from '../ports/training-jobs.ts';
import { unfinishedJob } from './unfinished-job.ts';

/** What the waiting state machine is told about a training job that ended. */
export type TaskAnswer =
  | { readonly kind: 'succeeded'; readonly output: TrainingJobDescription }
  /** `cause` is JSON, with the members that a `.sync` integration's cause has too. */
  | { readonly kind: 'failed'; readonly error: string; readonly cause: string };

/** @returns undefined while the job is still going */
export function answerForTask(job: TrainingJobDescription): TaskAnswer | undefined {
  const { TrainingJobName, TrainingJobStatus } = job;
  if (TrainingJobStatus === 'Completed') return { kind: 'succeeded', output: job };
  if (TrainingJobStatus !== 'Failed' && TrainingJobStatus !== 'Stopped') return undefined;
  const FailureReason =
    job.FailureReason ?? unfinishedJob(TrainingJobName, TrainingJobStatus, job.SecondaryStatus);
  return {
    kind: 'failed',
    error: 'States.TaskFailed',
    cause: JSON.stringify({ TrainingJobName, TrainingJobStatus, FailureReason }),
  };
}
