import {
  AddTagsCommand,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DeleteModelPackageCommand,
  DeleteModelPackageGroupCommand,
  DeleteTagsCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  ListModelPackageGroupsCommand,
  ListModelPackagesCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  StopTrainingJobCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../local/sagemaker/operations/index.ts';
import { violationsOf } from './support/recorder.ts';
import { BUCKET, createWorld } from './support/world.ts';
import type { World } from './support/world.ts';

describe('the answers and the API model of SageMaker', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    await world.stop();
  });

  test('every served action gives answers that the model allows', async () => {
    const { sageMaker } = world;
    const image = await world.image('noisy', 'print("loss=1.5"); open("model/m", "w").write("m")');
    const metadata = { ContentType: 'application/json', S3Uri: `s3://${BUCKET}/x.json` };
    const ResourceArn = await world.createJob({
      TrainingJobName: 'full',
      AlgorithmSpecification: {
        TrainingImage: image,
        TrainingInputMode: 'FastFile',
        MetricDefinitions: [{ Name: 'loss', Regex: 'loss=(.*)' }],
        EnableSageMakerMetricsTimeSeries: true,
        ContainerArguments: ['--verbose'],
      },
      HyperParameters: { a: '1' },
      Environment: { A: '1' },
      VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] },
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 120 },
      CheckpointConfig: { S3Uri: `s3://${BUCKET}/c`, LocalPath: '/opt/ml/checkpoints' },
      RetryStrategy: { MaximumRetryAttempts: 1 },
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    await world.finish('full');
    await world.createJob({ TrainingJobName: 'failing' });
    await world.finish('failing');
    const sleeper = await world.image('sleeper', 'import time; time.sleep(600)');
    await world.createJob({ TrainingJobName: 'stopped', image: sleeper });
    await world.reach('stopped', 'Training');
    await sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: 'stopped' }));
    await world.finish('stopped');
    await sageMaker.send(new ListTrainingJobsCommand({ MaxResults: 1 }));
    await sageMaker.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: 'l', Value: 'w' }] }));
    await sageMaker.send(new ListTagsCommand({ ResourceArn }));
    await sageMaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ['l'] }));

    const ModelPackageGroupName = 'models';
    await sageMaker.send(
      new CreateModelPackageGroupCommand({
        ModelPackageGroupName,
        ModelPackageGroupDescription: 'all of them',
      }),
    );
    await sageMaker.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName }));
    await sageMaker.send(new ListModelPackageGroupsCommand({}));
    const { ModelPackageArn } = await sageMaker.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName,
        ModelPackageDescription: 'a model, in full',
        InferenceSpecification: {
          Containers: [
            {
              Image: image,
              ModelDataUrl: `s3://${BUCKET}/m.tar.gz`,
              Environment: { A: '1' },
              Framework: 'ONNX',
              FrameworkVersion: '1.30',
            },
          ],
          SupportedContentTypes: ['application/json'],
          SupportedResponseMIMETypes: ['application/json'],
          SupportedTransformInstanceTypes: ['ml.m5.large'],
        },
        MetadataProperties: { CommitId: 'abc', GeneratedBy: ResourceArn },
        ModelMetrics: { ModelQuality: { Statistics: metadata }, Bias: { Report: metadata } },
        DriftCheckBaselines: { ModelDataQuality: { Statistics: metadata, Constraints: metadata } },
        CustomerMetadataProperties: { a: 'b' },
        ModelCard: { ModelCardContent: '{}', ModelCardStatus: 'Draft' },
        ModelLifeCycle: { Stage: 'Development', StageStatus: 'Ready' },
        SkipModelValidation: 'All',
        SourceUri: `s3://${BUCKET}/m.tar.gz`,
        Domain: 'MACHINE_LEARNING',
        Task: 'OTHER',
      }),
    );
    await sageMaker.send(
      new UpdateModelPackageCommand({
        ModelPackageArn,
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: 'yes',
      }),
    );
    await sageMaker.send(new DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn }));
    await sageMaker.send(new ListModelPackagesCommand({ ModelPackageGroupName }));
    await sageMaker.send(new DeleteModelPackageCommand({ ModelPackageName: ModelPackageArn }));
    await sageMaker.send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName }));

    const answered = world.exchanges.filter(({ status }) => status === 200).map(({ action }) => action);
    expect(new Set(answered)).toEqual(new Set(operations.keys()));
    expect(await violationsOf(world.exchanges)).toEqual([]);
  });

  test('the check sees what is wrong', async () => {
    const answer = (action: string, body: object, status = 200) => ({
      action,
      status,
      body: JSON.stringify(body),
    });
    const violations = await violationsOf([
      answer('CreateTrainingJob', {}),
      answer('CreateTrainingJob', { TrainingJobArn: 'nonsense' }),
      answer('ListTags', { Tags: [{ Key: 'k', Value: 'v', Extra: 1 }] }),
      answer('ListTags', { Tags: 'k' }),
      answer('ListTags', { Tags: [{ Key: '', Value: 'v' }] }),
      answer('DescribeModelPackageGroup', {
        ModelPackageGroupName: 'g',
        ModelPackageGroupArn: 'arn:aws:sagemaker:us-east-1:000000000000:model-package-group/g',
        CreationTime: '2026-01-01',
        CreatedBy: {},
        ModelPackageGroupStatus: 'Done',
      }),
      answer('StopTrainingJob', { Surprise: true }),
      answer('StopTrainingJob', { __type: 'Oops', Message: 'no' }, 400),
      answer('NoSuchAction', {}),
    ]);
    expect(violations).toEqual([
      'CreateTrainingJob: $.TrainingJobArn is required',
      expect.stringContaining("$.TrainingJobArn is 'nonsense', which does not match"),
      'ListTags: $.Tags[0].Extra is not in the model',
      "ListTags: $.Tags should be a list, is 'k'",
      'ListTags: $.Tags[0].Key has size or value 0, below 1',
      expect.stringContaining('CreationTime should be a timestamp'),
      expect.stringContaining("ModelPackageGroupStatus is 'Done', not one of"),
      expect.stringContaining('the model has no output'),
      expect.stringContaining("the error 'Oops'"),
      expect.stringContaining('no such operation'),
    ]);
  });
});
