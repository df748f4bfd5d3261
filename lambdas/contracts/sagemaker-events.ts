import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';

/** Sent at every change of a training job. May repeat. Carries no artifacts: describe the job for them. */
export const trainingJobStateChanged = defineEvent(
  'aws.sagemaker',
  'SageMaker Training Job State Change',
  z.object({
    TrainingJobName: z.string().min(1),
    TrainingJobStatus: z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped']),
    SecondaryStatus: z.string().optional(),
  }),
);
export type TrainingJobStateChanged = DetailOf<typeof trainingJobStateChanged>;

/**
 * Sent when a model package is created and when its fields change.
 * `UpdatedModelPackageFields` tells an approval from an edit of the metadata.
 */
export const modelPackageStateChanged = defineEvent(
  'aws.sagemaker',
  'SageMaker Model Package State Change',
  z.object({
    ModelPackageArn: z.string().min(1),
    ModelPackageGroupName: z.string().min(1),
    ModelPackageVersion: z.coerce.number().int().positive(),
    ModelPackageStatus: z.string(),
    ModelApprovalStatus: z.enum(['Approved', 'Rejected', 'PendingManualApproval']),
    UpdatedModelPackageFields: z.array(z.string()).optional(),
  }),
);
export type ModelPackageStateChanged = DetailOf<typeof modelPackageStateChanged>;
