import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import type { CreateTrainingJobInput } from '../requests/training-job.ts';

const CONTAINER_ROOT = '/opt/ml';

/** The folders of the SageMaker training contract, below a root that stands for `/opt/ml`. */
export interface MlLayout {
  readonly root: string;
  readonly inputData: string;
  readonly model: string;
  readonly output: string;
  readonly outputData: string;
  readonly failureFile: string;
  readonly checkpoints: string;
}

export function layoutOf(jobFolder: string, request: CreateTrainingJobInput): MlLayout {
  const root = join(jobFolder, 'ml');
  return {
    root,
    inputData: join(root, 'input', 'data'),
    model: join(root, 'model'),
    output: join(root, 'output'),
    outputData: join(root, 'output', 'data'),
    failureFile: join(root, 'output', 'failure'),
    checkpoints: localPath(root, request.CheckpointConfig?.LocalPath ?? `${CONTAINER_ROOT}/checkpoints`),
  };
}

/** True for paths that have a counterpart in a job's own folder. */
export function liesInContainerRoot(path: string): boolean {
  return normalize(path).startsWith(CONTAINER_ROOT + sep);
}

const localPath = (root: string, path: string): string =>
  join(root, normalize(path).slice(CONTAINER_ROOT.length));

/** Makes the folders and the files in `input/config`, empty of anything an earlier life may have left. */
export async function prepareLayout(layout: MlLayout, request: CreateTrainingJobInput): Promise<void> {
  await rm(layout.root, { recursive: true, force: true });
  const config = join(layout.root, 'input', 'config');
  for (const folder of [config, layout.inputData, layout.model, layout.outputData, layout.checkpoints]) {
    await mkdir(folder, { recursive: true });
  }
  const files = {
    'hyperparameters.json': request.HyperParameters ?? {},
    'inputdataconfig.json': inputDataConfig(request),
    'resourceconfig.json': resourceConfig(request),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(config, name), JSON.stringify(content, null, 2));
  }
}

function inputDataConfig(request: CreateTrainingJobInput): Record<string, unknown> {
  const { AlgorithmSpecification, InputDataConfig = [] } = request;
  return Object.fromEntries(
    InputDataConfig.map((channel) => [
      channel.ChannelName,
      {
        ContentType: channel.ContentType,
        TrainingInputMode: channel.InputMode ?? AlgorithmSpecification.TrainingInputMode,
        S3DistributionType: channel.DataSource.S3DataSource.S3DataDistributionType ?? 'FullyReplicated',
        RecordWrapperType: channel.RecordWrapperType ?? 'None',
      },
    ]),
  );
}

function resourceConfig({ ResourceConfig }: CreateTrainingJobInput): Record<string, unknown> {
  return {
    current_host: 'algo-1',
    current_instance_type: ResourceConfig.InstanceType,
    current_group_name: 'homogeneousCluster',
    hosts: ['algo-1'],
    instance_groups: [
      {
        instance_group_name: 'homogeneousCluster',
        instance_type: ResourceConfig.InstanceType,
        hosts: ['algo-1'],
      },
    ],
    network_interface_name: 'lo',
  };
}
