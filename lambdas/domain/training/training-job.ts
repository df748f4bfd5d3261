import type { MetricName, ProjectDefinition } from '../../contracts/project-definition.ts';
import type { RetrainingRequested } from '../../contracts/retraining-requested.ts';
import type { TrainingJobRequest } from '../../contracts/training-steps.ts';
import type { runLocations } from './run-locations.ts';

/** What a deployment brings to every training job. */
export interface TrainingPlatform {
  readonly image: string;
  readonly roleArn: string;
  readonly artifactKeyArn: string;
  /** S3 address of the zip of the project's `train/` folder. */
  readonly codeUri: string;
}

const metricsOfTarget: Record<'category' | 'number', readonly MetricName[]> = {
  category: ['accuracy', 'logLoss', 'rocAuc'],
  number: ['rootMeanSquaredError', 'meanAbsoluteError'],
};

/**
 * The request for one training job, in SageMaker's spelling.
 * @param channels manifest files of the parts that hold rows, by channel name
 */
export function buildTrainingJob(
  request: RetrainingRequested,
  project: ProjectDefinition,
  platform: TrainingPlatform,
  locations: ReturnType<typeof runLocations>,
  channels: Readonly<Record<string, string>>,
): TrainingJobRequest {
  const { training } = project;
  return {
    TrainingJobName: request.runId,
    RoleArn: platform.roleArn,
    AlgorithmSpecification: {
      TrainingImage: platform.image,
      TrainingInputMode: 'File',
      MetricDefinitions: metricsOfTarget[project.schema.target.type].map(metricDefinition),
    },
    InputDataConfig: [
      channel('config', 'S3Prefix', locations.configPrefix),
      channel('code', 'S3Prefix', platform.codeUri),
      ...Object.entries(channels).map(([name, uri]) => channel(name, 'ManifestFile', uri)),
    ],
    OutputDataConfig: { S3OutputPath: locations.outputs, KmsKeyId: platform.artifactKeyArn },
    ResourceConfig: {
      InstanceType: training.instanceType,
      InstanceCount: training.instanceCount,
      VolumeSizeInGB: training.volumeGiB,
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: training.maximumRuntimeSeconds,
      ...(training.spot && { MaxWaitTimeInSeconds: training.maximumWaitSeconds }),
    },
    EnableManagedSpotTraining: training.spot,
    CheckpointConfig: { S3Uri: locations.checkpoints, LocalPath: '/opt/ml/checkpoints' },
    HyperParameters: Object.fromEntries(
      Object.entries({ ...training.hyperparameters, seed: training.seed }).map(([name, value]) => [
        name,
        String(value),
      ]),
    ),
    Environment: {},
    Tags: [
      { Key: 'millrace:project', Value: request.project },
      { Key: 'millrace:dataset', Value: request.datasetId },
    ],
  };
}

/** Finds the trainer's lines such as `validation:logLoss=0.123`. */
function metricDefinition(metric: MetricName) {
  return { Name: `validation:${metric}`, Regex: `validation:${metric}=([-+0-9.eE]+|nan)` };
}

function channel(
  name: string,
  type: 'S3Prefix' | 'ManifestFile',
  uri: string,
): TrainingJobRequest['InputDataConfig'][number] {
  return {
    ChannelName: name,
    DataSource: {
      S3DataSource: { S3DataType: type, S3Uri: uri, S3DataDistributionType: 'FullyReplicated' },
    },
    InputMode: 'File',
  };
}
