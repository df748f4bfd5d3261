import { randomUUID } from 'node:crypto';
import type { TrainingJobRequest } from '../../lambdas/contracts/training-steps.ts';
import { waitFor } from '../../cli/client/wait-for.ts';
import { SageMakerModelRegistry } from '../../lambdas/adapters/sagemaker-model-registry.ts';
import { SageMakerPackageReader } from '../../lambdas/adapters/sagemaker-package-reader.ts';
import { SageMakerTrainingJobs } from '../../lambdas/adapters/sagemaker-training-jobs.ts';
import { InMemoryRegistry } from '../builders/in-memory-registry.ts';
import { InMemoryTrainingJobs } from '../builders/in-memory-training-jobs.ts';
import { modelRegistryContract } from './model-registry.contract.ts';
import { emulator } from './support/cloud.ts';
import { bucket, localSageMaker, trainerImage } from './support/trainer.ts';
import { trainingJobsContract } from './training-jobs.contract.ts';

const sageMaker = localSageMaker(emulator());
const newGroup = (): string => `group-${randomUUID().slice(0, 8)}`;

modelRegistryContract('in memory', async () => {
  const registry = new InMemoryRegistry();
  return { registry, reader: registry, group: newGroup() };
});

modelRegistryContract('SageMaker', async () => ({
  registry: new SageMakerModelRegistry(sageMaker()),
  reader: new SageMakerPackageReader(sageMaker()),
  group: newGroup(),
}));

trainingJobsContract('in memory', async () => {
  const jobs = new InMemoryTrainingJobs();
  return {
    jobs,
    requestOf,
    ended: async (name) => {
      const request = jobs.requests.find(({ TrainingJobName }) => TrainingJobName === name);
      if (request?.HyperParameters['ending'] === 'bad') {
        const FailureReason = 'AlgorithmError: the moon is full, exit code: 1';
        jobs.put({ TrainingJobName: name, TrainingJobStatus: 'Failed', FailureReason });
        return;
      }
      const S3ModelArtifacts = `s3://${bucket}/out/${name}/output/model.tar.gz`;
      jobs.put({
        TrainingJobName: name,
        TrainingJobStatus: 'Completed',
        SecondaryStatus: 'Completed',
        ModelArtifacts: { S3ModelArtifacts },
      });
    },
  };
});

trainingJobsContract('SageMaker', async () => {
  // Names are taken for ever, so each test gets its own by a prefix.
  const prefix = randomUUID();
  const named = (name: string): string => `${prefix}-${name}`;
  const jobs = new SageMakerTrainingJobs(sageMaker());
  return {
    jobs: {
      start: (request) => jobs.start({ ...request, TrainingJobName: named(request.TrainingJobName) }),
      describe: async (name) => {
        const { TrainingJobName, ModelArtifacts, ...job } = await jobs.describe(named(name));
        return {
          ...job,
          TrainingJobName: TrainingJobName.replace(`${prefix}-`, ''),
          ModelArtifacts: ModelArtifacts && {
            S3ModelArtifacts: ModelArtifacts.S3ModelArtifacts.replace(`${prefix}-`, ''),
          },
        };
      },
    },
    requestOf,
    ended: async (name) => {
      await waitFor(
        `training job ${name} to end`,
        async (saw) => {
          const job = await jobs.describe(named(name));
          saw(job);
          return job.TrainingJobStatus === 'InProgress' ? undefined : job;
        },
        { timeoutMs: 30_000, intervalMs: 50 },
      );
    },
  };
});

async function requestOf(name: string, ending: 'good' | 'bad'): Promise<TrainingJobRequest> {
  return {
    TrainingJobName: name,
    RoleArn: 'arn:aws:iam::000000000000:role/trainer',
    AlgorithmSpecification: { TrainingImage: trainerImage, TrainingInputMode: 'File', MetricDefinitions: [] },
    InputDataConfig: [
      {
        ChannelName: 'config',
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix',
            S3Uri: `s3://${bucket}/config/`,
            S3DataDistributionType: 'FullyReplicated',
          },
        },
        InputMode: 'File',
      },
    ],
    OutputDataConfig: { S3OutputPath: `s3://${bucket}/out`, KmsKeyId: '' },
    ResourceConfig: { InstanceType: 'ml.m6i.large', InstanceCount: 1, VolumeSizeInGB: 1 },
    StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 120 },
    EnableManagedSpotTraining: true,
    CheckpointConfig: { S3Uri: `s3://${bucket}/checkpoints/`, LocalPath: '/opt/ml/checkpoints' },
    HyperParameters: { ending },
    Environment: {},
    Tags: [{ Key: 'millrace:project', Value: 'tumours' }],
  };
}
