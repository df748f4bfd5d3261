import { TrainingInstanceType } from '@aws-sdk/client-sagemaker';
import { z } from 'zod';
import {
  contentType,
  entityNameSchema,
  kmsKeyId,
  maxResults,
  nameContains,
  nextToken,
  roleArn,
  s3Uri,
  sortOrder,
  tagList,
  timestamp,
} from './common.ts';

const algorithmSpecification = z.strictObject({
  TrainingImage: z.string().min(1).max(255),
  TrainingInputMode: z.enum(['Pipe', 'File', 'FastFile']),
  MetricDefinitions: z
    .array(z.strictObject({ Name: z.string().min(1).max(255), Regex: z.string().min(1).max(500) }))
    .max(40)
    .optional(),
  EnableSageMakerMetricsTimeSeries: z.boolean().optional(),
  ContainerEntrypoint: z.array(z.string().max(256)).min(1).max(100).optional(),
  ContainerArguments: z.array(z.string().max(256)).min(1).max(100).optional(),
});

const channel = z.strictObject({
  ChannelName: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9.\-_]+$/)
    // The name becomes a folder.
    .refine((name) => name !== '.' && name !== '..', 'Member must not be a relative path'),
  DataSource: z.strictObject({
    S3DataSource: z.strictObject({
      S3DataType: z.enum(['ManifestFile', 'S3Prefix', 'AugmentedManifestFile', 'Converse']),
      S3Uri: s3Uri,
      S3DataDistributionType: z.enum(['FullyReplicated', 'ShardedByS3Key']).optional(),
      AttributeNames: z.array(z.string().min(1).max(256)).max(16).optional(),
    }),
  }),
  ContentType: contentType.optional(),
  CompressionType: z.enum(['None', 'Gzip']).optional(),
  RecordWrapperType: z.enum(['None', 'RecordIO']).optional(),
  InputMode: z.enum(['Pipe', 'File', 'FastFile']).optional(),
  ShuffleConfig: z.strictObject({ Seed: z.int() }).optional(),
});
export type Channel = z.infer<typeof channel>;

const resourceConfig = z.strictObject({
  InstanceType: z.enum(TrainingInstanceType),
  InstanceCount: z.int().min(1),
  VolumeSizeInGB: z.int().min(1).optional(),
  VolumeKmsKeyId: kmsKeyId.optional(),
  KeepAlivePeriodInSeconds: z.int().min(0).max(21600).optional(),
});

const stoppingCondition = z.strictObject({
  MaxRuntimeInSeconds: z.int().min(1).optional(),
  MaxWaitTimeInSeconds: z.int().min(1).optional(),
  MaxPendingTimeInSeconds: z.int().min(1800).max(2419200).optional(),
});

const stringMap = (keys: z.ZodString, values: z.ZodString) =>
  z
    .record(keys, values)
    .refine((map) => Object.keys(map).length <= 100, 'Member must have at most 100 entries');

export const createTrainingJobInput = z.strictObject({
  TrainingJobName: entityNameSchema,
  HyperParameters: stringMap(z.string().max(256), z.string().max(2500)).optional(),
  AlgorithmSpecification: algorithmSpecification,
  RoleArn: roleArn,
  InputDataConfig: z.array(channel).min(1).max(20).optional(),
  OutputDataConfig: z.strictObject({
    KmsKeyId: kmsKeyId.optional(),
    S3OutputPath: s3Uri,
    CompressionType: z.enum(['GZIP', 'NONE']).optional(),
  }),
  ResourceConfig: resourceConfig,
  VpcConfig: z
    .strictObject({
      SecurityGroupIds: z.array(z.string().min(1).max(32)).min(1).max(5),
      Subnets: z.array(z.string().min(1).max(32)).min(1).max(16),
    })
    .optional(),
  // SageMaker's own default is one day.
  StoppingCondition: stoppingCondition.default({ MaxRuntimeInSeconds: 86400 }),
  Tags: tagList.optional(),
  EnableNetworkIsolation: z.boolean().optional(),
  EnableInterContainerTrafficEncryption: z.boolean().optional(),
  EnableManagedSpotTraining: z.boolean().optional(),
  CheckpointConfig: z.strictObject({ S3Uri: s3Uri, LocalPath: z.string().max(4096).optional() }).optional(),
  Environment: stringMap(
    z
      .string()
      .max(512)
      .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/),
    z.string().max(512),
  ).optional(),
  RetryStrategy: z.strictObject({ MaximumRetryAttempts: z.int().min(1).max(30) }).optional(),
  ExperimentConfig: z
    .strictObject({
      ExperimentName: z.string().min(1).max(120).optional(),
      TrialName: z.string().min(1).max(120).optional(),
      TrialComponentDisplayName: z.string().min(1).max(120).optional(),
      RunName: z.string().min(1).max(120).optional(),
    })
    .optional(),
});
export type CreateTrainingJobInput = z.infer<typeof createTrainingJobInput>;

export const trainingJobStatus = z.enum([
  'InProgress',
  'Completed',
  'Failed',
  'Stopping',
  'Stopped',
  'Deleting',
]);

export const describeTrainingJobInput = z.strictObject({ TrainingJobName: entityNameSchema });
export const stopTrainingJobInput = describeTrainingJobInput;

export const listTrainingJobsInput = z.strictObject({
  NextToken: nextToken.optional(),
  MaxResults: maxResults.optional(),
  CreationTimeAfter: timestamp.optional(),
  CreationTimeBefore: timestamp.optional(),
  LastModifiedTimeAfter: timestamp.optional(),
  LastModifiedTimeBefore: timestamp.optional(),
  NameContains: nameContains.optional(),
  StatusEquals: trainingJobStatus.optional(),
  SortBy: z.enum(['Name', 'CreationTime', 'Status']).optional(),
  SortOrder: sortOrder.optional(),
});
