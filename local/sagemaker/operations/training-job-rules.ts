import { resourceLimitExceeded, validationError } from '../errors.ts';
import type { Channel, CreateTrainingJobInput } from '../requests/training-job.ts';
import { createMetricReader } from '../training/metrics.ts';
import { liesInContainerRoot } from '../training/ml-layout.ts';

/** Refuses what the schema cannot: combinations that SageMaker refuses, and what this server cannot run faithfully. */
export function checkTrainingJob(input: CreateTrainingJobInput): void {
  checkInstances(input);
  checkSpot(input);
  checkLocations(input);
  const names = (input.InputDataConfig ?? []).map(({ ChannelName }) => ChannelName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw validationError(
      `InputDataConfig has the channel '${twice}' more than once; channel names must be unique`,
    );
  }
  for (const channel of input.InputDataConfig ?? []) checkChannel(channel, input);
  createMetricReader(input.AlgorithmSpecification.MetricDefinitions ?? []);
}

function checkInstances({ ResourceConfig: { InstanceCount, InstanceType } }: CreateTrainingJobInput): void {
  if (InstanceCount > 1) {
    throw resourceLimitExceeded(
      `The service limit '${InstanceType} for training job usage' is 1 Instances on the local SageMaker, with a request delta of ${InstanceCount} Instances.`,
    );
  }
}

function checkSpot({ EnableManagedSpotTraining, StoppingCondition }: CreateTrainingJobInput): void {
  const { MaxRuntimeInSeconds = 86400, MaxWaitTimeInSeconds } = StoppingCondition;
  if (EnableManagedSpotTraining !== true) {
    if (MaxWaitTimeInSeconds === undefined) return;
    throw validationError('MaxWaitTimeInSeconds is only allowed when EnableManagedSpotTraining is true');
  }
  if (MaxWaitTimeInSeconds === undefined || MaxWaitTimeInSeconds < MaxRuntimeInSeconds) {
    throw validationError(
      `Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds (${MaxRuntimeInSeconds}) when EnableManagedSpotTraining is true; received ${MaxWaitTimeInSeconds ?? 'none'}`,
    );
  }
}

function checkLocations({
  OutputDataConfig,
  CheckpointConfig,
  InputDataConfig = [],
}: CreateTrainingJobInput): void {
  const uris = [
    OutputDataConfig.S3OutputPath,
    ...(CheckpointConfig === undefined ? [] : [CheckpointConfig.S3Uri]),
    ...InputDataConfig.map(({ DataSource }) => DataSource.S3DataSource.S3Uri),
  ];
  for (const uri of uris) {
    if (!uri.startsWith('s3://')) {
      throw validationError(
        `The location '${uri}' must be an s3:// URI; the local SageMaker reads no https one`,
      );
    }
  }
  const localPath = CheckpointConfig?.LocalPath;
  if (localPath !== undefined && !liesInContainerRoot(localPath)) {
    throw validationError(
      `CheckpointConfig.LocalPath '${localPath}' must lie below /opt/ml, which the local SageMaker maps to the job's folder`,
    );
  }
}

function checkChannel(channel: Channel, input: CreateTrainingJobInput): void {
  const refuse = (what: string) =>
    validationError(`Channel '${channel.ChannelName}': ${what} is not served by the local SageMaker`);
  const source = channel.DataSource.S3DataSource;
  if (source.S3DataType !== 'S3Prefix' && source.S3DataType !== 'ManifestFile') {
    throw refuse(`the S3DataType '${source.S3DataType}' (use S3Prefix or ManifestFile)`);
  }
  if (source.AttributeNames !== undefined) {
    throw validationError(
      `Channel '${channel.ChannelName}': AttributeNames is only allowed with the S3DataType AugmentedManifestFile`,
    );
  }
  if ((channel.InputMode ?? input.AlgorithmSpecification.TrainingInputMode) === 'Pipe') {
    throw refuse('the input mode Pipe (use File or FastFile)');
  }
  if (channel.CompressionType === 'Gzip' || channel.RecordWrapperType === 'RecordIO') {
    throw validationError(
      `Channel '${channel.ChannelName}': CompressionType Gzip and RecordWrapperType RecordIO are only allowed in Pipe mode`,
    );
  }
}
