import { z } from 'zod';
import { metrics } from './model-manifest.ts';
import { modelVersion, projectName, runId, s3Uri, sha256 } from './primitives.ts';

/*
 * What passes between the states of the training machine:
 * prepare → train → evaluate → (register | end). Input is the detail of `RetrainingRequested.v1`.
 */

const channel = z.object({
  ChannelName: z.string().min(1),
  DataSource: z.object({
    S3DataSource: z.object({
      S3DataType: z.enum(['S3Prefix', 'ManifestFile']),
      S3Uri: s3Uri,
      S3DataDistributionType: z.literal('FullyReplicated'),
    }),
  }),
  InputMode: z.literal('File'),
});

/**
 * The request to SageMaker's CreateTrainingJob, in SageMaker's own spelling: sent by the machine itself on AWS, by a
 * function to the local server otherwise. Every member is always there, as a machine's parameters cannot be optional.
 */
export const trainingJobRequest = z.object({
  TrainingJobName: runId,
  RoleArn: z.string().min(1),
  AlgorithmSpecification: z.object({
    TrainingImage: z.string().min(1),
    TrainingInputMode: z.literal('File'),
    MetricDefinitions: z.array(z.object({ Name: z.string(), Regex: z.string() })),
  }),
  InputDataConfig: z.array(channel).min(1),
  OutputDataConfig: z.object({ S3OutputPath: s3Uri, KmsKeyId: z.string() }),
  ResourceConfig: z.object({
    InstanceType: z.string(),
    InstanceCount: z.int().positive(),
    VolumeSizeInGB: z.int().positive(),
  }),
  StoppingCondition: z.object({
    MaxRuntimeInSeconds: z.int().positive(),
    /** Only with Spot. */
    MaxWaitTimeInSeconds: z.int().positive().optional(),
  }),
  EnableManagedSpotTraining: z.boolean(),
  CheckpointConfig: z.object({ S3Uri: s3Uri, LocalPath: z.string() }),
  HyperParameters: z.record(z.string(), z.string()),
  Environment: z.record(z.string(), z.string()),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
});
export type TrainingJobRequest = z.infer<typeof trainingJobRequest>;

/** Out of `prepare-training`. */
export const preparedTraining = z.object({
  project: projectName,
  runId,
  datasetId: sha256,
  manifestUri: s3Uri,
  job: trainingJobRequest,
});
export type PreparedTraining = z.infer<typeof preparedTraining>;

/** Into `start-training-job`, where training is not started by the machine itself. */
export const startTrainingJobInput = z.object({
  taskToken: z.string().min(1),
  project: projectName,
  job: trainingJobRequest,
});

/** Into `evaluate-challenger`. */
export const evaluateInput = z.object({
  project: projectName,
  runId,
  datasetId: sha256,
  manifestUri: s3Uri,
  /** SageMaker's `model.tar.gz`. */
  modelArchiveUri: s3Uri,
  /** SageMaker's. A job that was stopped may have left an archive, too. */
  trainingJobStatus: z.string().min(1),
  trainingSecondaryStatus: z.string().optional(),
});
export type EvaluateInput = z.infer<typeof evaluateInput>;

/** Out of `evaluate-challenger`. */
export const evaluationResult = z.object({
  project: projectName,
  runId,
  verdict: z.enum(['candidate', 'rejected']),
  reasons: z.array(z.string().min(1)).min(1),
  metrics,
  championMetrics: metrics.optional(),
  testRows: z.int().nonnegative(),
  /** Prefix that holds the unpacked `model.onnx` and the `manifest.json` with the evaluation in it. */
  artifactUri: s3Uri,
});
export type EvaluationResult = z.infer<typeof evaluationResult>;

/** Out of `register-version`, and the machine's output for a candidate. */
export const registrationResult = evaluationResult.extend({
  version: modelVersion,
  modelPackageArn: z.string().min(1),
});
export type RegistrationResult = z.infer<typeof registrationResult>;

/** The machine's output: a registration, or an evaluation that refused. */
export const trainingOutput = z.union([registrationResult, evaluationResult]);

/** What the registry keeps with a model package, as its customer metadata. */
export const packageMetadata = z.object({
  project: projectName,
  runId,
  artifactUri: s3Uri,
  modelSha256: sha256,
});
export type PackageMetadata = z.infer<typeof packageMetadata>;
