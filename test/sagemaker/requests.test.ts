import { request } from 'node:http';
import {
  AddTagsCommand,
  DescribeTrainingJobCommand,
  ListEndpointsCommand,
  ListModelPackageGroupsCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSageMaker } from '../../local/sagemaker/index.ts';
import { violationsOf } from './support/recorder.ts';
import { BUCKET, createWorld } from './support/world.ts';
import type { World } from './support/world.ts';

const s3Source = (more: object) => [
  {
    ChannelName: 'train',
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/k', ...more } },
  },
];

describe('requests that are refused', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    const violations = await violationsOf(world.exchanges);
    await world.stop();
    expect(violations).toEqual([]);
  });

  test('an action that is not served names itself and those that are', async () => {
    await expect(world.sageMaker.send(new ListEndpointsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringMatching(/'ListEndpoints'.*CreateTrainingJob.*DeleteTags/s),
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each([
    [
      'a name with an underscore',
      { TrainingJobName: 'under_score' },
      /'under_score' at 'trainingJobName'.*pattern/,
    ],
    ['no role', { RoleArn: undefined }, /Value null at 'roleArn'.*must not be null/],
    [
      'an instance type of another kind',
      { ResourceConfig: { InstanceType: 'p9', InstanceCount: 1 } },
      /'p9' at 'resourceConfig.instanceType'.*ml\.g5\.xlarge/s,
    ],
    [
      'a number among the hyperparameters',
      { HyperParameters: { epochs: 3 } },
      /Value 3 at 'hyperParameters.epochs'.*string/,
    ],
    [
      'a member that is not served',
      { ProfilerConfig: {} },
      /ProfilerConfig: unknown to SageMaker, or not served/,
    ],
    [
      'an augmented manifest',
      { InputDataConfig: s3Source({ S3DataType: 'AugmentedManifestFile' }) },
      /AugmentedManifestFile.*not served/,
    ],
    ['pipe mode', { InputDataConfig: [{ ...s3Source({})[0], InputMode: 'Pipe' }] }, /Pipe.*not served/],
    [
      'two channels of one name',
      { InputDataConfig: [...s3Source({}), ...s3Source({})] },
      /'train' more than once/,
    ],
    ['spot without a wait', { EnableManagedSpotTraining: true }, /MaxWaitTimeInSeconds/],
    [
      'a wait without spot',
      { StoppingCondition: { MaxRuntimeInSeconds: 1, MaxWaitTimeInSeconds: 2 } },
      /EnableManagedSpotTraining/,
    ],
    [
      'a metric that is no expression',
      {
        AlgorithmSpecification: {
          TrainingImage: 'i',
          TrainingInputMode: 'File',
          MetricDefinitions: [{ Name: 'm', Regex: '(' }],
        },
      },
      /metric 'm'/,
    ],
    [
      'checkpoints outside /opt/ml',
      { CheckpointConfig: { S3Uri: 's3://b/c', LocalPath: '/opt/ml/../../etc' } },
      /below \/opt\/ml/,
    ],
  ])('%s', async (_, input, message) => {
    const sent = {
      TrainingJobName: 'refused',
      RoleArn: 'arn:aws:iam::000000000000:role/Trainer',
      AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
      OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/out` },
      ResourceConfig: { InstanceType: 'ml.g5.xlarge', InstanceCount: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
      ...input,
    };
    // Sent raw: the SDK's types would not let most of these through.
    const answer = await raw(world, 'CreateTrainingJob', JSON.stringify(sent));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      __type: 'ValidationException',
      Message: expect.stringMatching(message),
    });
  });

  test('names are used once, jobs have one instance, and what is not there is not found', async () => {
    await world.createJob({ TrainingJobName: 'twice' });
    await expect(world.createJob({ TrainingJobName: 'Twice' })).rejects.toMatchObject({
      name: 'ResourceInUse',
    });
    await expect(
      world.createJob({
        TrainingJobName: 'cluster',
        ResourceConfig: { InstanceType: 'ml.g5.xlarge', InstanceCount: 2, VolumeSizeInGB: 1 },
      }),
    ).rejects.toMatchObject({ name: 'ResourceLimitExceeded' });
    await expect(
      world.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'nobody' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFound', message: expect.stringContaining("'nobody'") });
    await expect(
      world.sageMaker.send(new ListModelPackageGroupsCommand({ NextToken: 'made-up' })),
    ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('made-up') });
    await expect(
      world.sageMaker.send(
        new AddTagsCommand({
          ResourceArn: 'arn:aws:sagemaker:us-east-1:000000000000:model-package-group/none',
          Tags: [{ Key: 'k', Value: 'v' }],
        }),
      ),
    ).rejects.toThrow('no training job or model package group');
  });

  test('a body that is not JSON, and a web page that found the port, get an answer too', async () => {
    expect(await raw(world, 'ListTrainingJobs', '{')).toMatchObject({
      status: 400,
      body: { __type: 'SerializationException' },
    });
    const server = await startSageMaker({
      stateDir: `${world.folder}/other`,
      emulatorEndpoint: world.endpoint,
      images: {},
    });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: 'rebound.example.com', 'x-amz-target': 'SageMaker.ListTrainingJobs' };
      request(server.url, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end('{}');
    });
    await server.stop();
    expect(status).toBe(403);
  });
});

async function raw(world: World, action: string, body: string): Promise<{ status: number; body: unknown }> {
  const endpoint = await world.sageMaker.config.endpoint?.();
  const answer = await fetch(`http://${endpoint?.hostname}:${endpoint?.port}/`, {
    method: 'POST',
    headers: { 'x-amz-target': `SageMaker.${action}`, 'content-type': 'application/x-amz-json-1.1' },
    body,
  });
  return { status: answer.status, body: await answer.json() };
}
