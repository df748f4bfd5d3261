import type { SecondaryStatus, TrainingJobRecord, TrainingJobStatus } from '../state/records.ts';

const messages: Record<SecondaryStatus, string> = {
  Pending: 'Waiting for a free process slot',
  Starting: 'Preparing the instances for training',
  Downloading: 'Downloading input data',
  Training: 'Training image download completed. Training in progress.',
  Uploading: 'Uploading generated training model',
  Stopping: 'Stopping the training job',
  Stopped: 'Training job stopped',
  MaxRuntimeExceeded: 'Training job runtime exceeded MaxRuntimeInSeconds provided',
  Completed: 'Training job completed',
  Failed: 'Training job failed',
};

export const isTerminal = (job: TrainingJobRecord): boolean =>
  job.status === 'Completed' || job.status === 'Failed' || job.status === 'Stopped';

/** The job in its next state: the open transition is closed, and a terminal one is closed as it opens. */
export function enter(
  job: TrainingJobRecord,
  status: TrainingJobStatus,
  secondaryStatus: SecondaryStatus,
  now: number,
  changes: Partial<Pick<TrainingJobRecord, 'failureReason' | 'trainingStartTime' | 'trainingEndTime'>> = {},
): TrainingJobRecord {
  const next = { ...job, ...changes, status, secondaryStatus, lastModifiedTime: now };
  const closed = job.transitions.map((transition) => ({ ...transition, endTime: transition.endTime ?? now }));
  const opened = {
    status: secondaryStatus,
    startTime: now,
    message: next.failureReason ?? messages[secondaryStatus],
    ...(isTerminal(next) ? { endTime: now } : {}),
  };
  return { ...next, transitions: [...closed, opened] };
}
