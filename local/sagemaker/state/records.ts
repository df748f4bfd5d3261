import { z } from 'zod';
import { createModelPackageInput, modelApprovalStatus } from '../requests/model-package.ts';
import { createTrainingJobInput, trainingJobStatus } from '../requests/training-job.ts';
import { tagList } from '../requests/common.ts';

/** What is kept on disk. All times are milliseconds since the epoch. */

const secondaryStatus = z.enum([
  'Pending',
  'Starting',
  'Downloading',
  'Training',
  'Uploading',
  'Stopping',
  'Stopped',
  'MaxRuntimeExceeded',
  'Completed',
  'Failed',
]);
export type SecondaryStatus = z.infer<typeof secondaryStatus>;
export type TrainingJobStatus = z.infer<typeof trainingJobStatus>;

const transition = z.strictObject({
  status: secondaryStatus,
  startTime: z.number(),
  endTime: z.number().optional(),
  message: z.string(),
});

/** Names one process beyond its number, which the system gives again to others. */
export const processIdentity = z.strictObject({
  pid: z.int().positive(),
  startedAt: z.string(),
  boot: z.string(),
});
export type ProcessIdentity = z.infer<typeof processIdentity>;

export const trainingJobRecord = z.strictObject({
  name: z.string(),
  arn: z.string(),
  request: createTrainingJobInput,
  tags: tagList,
  status: trainingJobStatus,
  secondaryStatus,
  transitions: z.array(transition),
  failureReason: z.string().optional(),
  creationTime: z.number(),
  lastModifiedTime: z.number(),
  trainingStartTime: z.number().optional(),
  trainingEndTime: z.number().optional(),
  metrics: z.array(z.strictObject({ name: z.string(), value: z.number(), time: z.number() })),
  process: processIdentity.optional(),
});
export type TrainingJobRecord = z.infer<typeof trainingJobRecord>;

export const modelPackageGroupRecord = z.strictObject({
  name: z.string(),
  arn: z.string(),
  description: z.string().optional(),
  tags: tagList,
  creationTime: z.number(),
  /** Versions are never given twice, also after a deletion. */
  latestVersion: z.int().min(0),
});
export type ModelPackageGroupRecord = z.infer<typeof modelPackageGroupRecord>;

export const modelPackageRecord = z.strictObject({
  groupName: z.string(),
  version: z.int().positive(),
  arn: z.string(),
  /** What was asked for, with the later updates in it. */
  request: createModelPackageInput,
  /** What was asked for at creation, where updates have changed it. */
  original: createModelPackageInput.optional(),
  approvalStatus: modelApprovalStatus,
  approvalDescription: z.string().optional(),
  creationTime: z.number(),
  lastModifiedTime: z.number().optional(),
  /** The last updates' tokens with a fingerprint of what each asked for. */
  updateTokens: z.array(z.strictObject({ token: z.string(), fingerprint: z.string() })),
});
export type ModelPackageRecord = z.infer<typeof modelPackageRecord>;
