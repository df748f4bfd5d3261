import type { TrainingJobRequest } from '../../contracts/training-steps.ts';

/**
 * A training job in SageMaker's spelling, as far as the state machine reads it: a small selection, so that it always
 * fits into a task's 256 KiB of output. Times are ISO 8601.
 */
export interface TrainingJobDescription {
  readonly TrainingJobName: string;
  readonly TrainingJobArn?: string | undefined;
  readonly TrainingJobStatus: string;
  readonly SecondaryStatus?: string | undefined;
  readonly FailureReason?: string | undefined;
  readonly ModelArtifacts?: { readonly S3ModelArtifacts: string } | undefined;
  readonly TrainingTimeInSeconds?: number | undefined;
  readonly BillableTimeInSeconds?: number | undefined;
  readonly CreationTime?: string | undefined;
  readonly TrainingStartTime?: string | undefined;
  readonly TrainingEndTime?: string | undefined;
}

export interface TrainingJobs {
  start(request: TrainingJobRequest): Promise<'started' | 'already-started'>;
  describe(name: string): Promise<TrainingJobDescription>;
}
