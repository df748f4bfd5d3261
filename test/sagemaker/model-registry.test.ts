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
  paginateListModelPackages,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import type { CreateModelPackageCommandInput } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from './support/recorder.ts';
import { createWorld } from './support/world.ts';
import type { World } from './support/world.ts';

describe('the model registry', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    const violations = await violationsOf(world.exchanges);
    await world.stop();
    expect(violations).toEqual([]);
  });

  const group = async (name: string): Promise<string> => {
    const { ModelPackageGroupArn } = await world.sageMaker.send(
      new CreateModelPackageGroupCommand({
        ModelPackageGroupName: name,
        ModelPackageGroupDescription: 'Models',
      }),
    );
    return ModelPackageGroupArn ?? '';
  };
  const register = async (
    groupName: string,
    more: Partial<CreateModelPackageCommandInput> = {},
  ): Promise<string> => {
    const { ModelPackageArn } = await world.sageMaker.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: groupName,
        InferenceSpecification: {
          Containers: [
            {
              Image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/serve:1',
              ModelDataUrl: 's3://b/model.tar.gz',
            },
          ],
          SupportedContentTypes: ['application/json'],
          SupportedResponseMIMETypes: ['application/json'],
          SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'],
        },
        ModelMetrics: {
          ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: 's3://b/metrics.json' } },
        },
        CustomerMetadataProperties: { run: '7' },
        ...more,
      }),
    );
    return ModelPackageArn ?? '';
  };
  const describePackage = (arn: string) =>
    world.sageMaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));

  test('versions count up in their group, wait for approval, and are described as they were made', async () => {
    await group('counting');
    const first = await register('counting');
    const second = await register('counting', { ModelApprovalStatus: 'Approved' });
    expect(first).toBe('arn:aws:sagemaker:us-east-1:000000000000:model-package/counting/1');
    expect(await describePackage(first)).toMatchObject({
      ModelPackageGroupName: 'counting',
      ModelPackageVersion: 1,
      ModelPackageStatus: 'Completed',
      ModelApprovalStatus: 'PendingManualApproval',
      CustomerMetadataProperties: { run: '7' },
      InferenceSpecification: { SupportedContentTypes: ['application/json'] },
    });
    expect((await describePackage(second)).ModelApprovalStatus).toBe('Approved');
  });

  test('the same ClientToken makes one version, and another request under it is a conflict', async () => {
    await group('once');
    const first = await register('once', { ClientToken: 'token-1' });
    await world.sageMaker.send(
      new UpdateModelPackageCommand({ ModelPackageArn: first, CustomerMetadataProperties: { later: 'yes' } }),
    );
    expect(await register('once', { ClientToken: 'token-1' })).toBe(first);
    expect(await register('once', { ClientToken: 'token-2' })).not.toBe(first);
    await expect(
      register('once', { ClientToken: 'token-1', ModelPackageDescription: 'other' }),
    ).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('unversioned packages are refused, and say why', async () => {
    await expect(
      world.sageMaker.send(new CreateModelPackageCommand({ ModelPackageName: 'alone' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Only versioned model packages'),
    });
    await expect(register('no-such-group')).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('no-such-group does not exist'),
    });
  });

  test('lists filter by group and approval, sort, and page', async () => {
    await group('listed');
    for (let version = 1; version <= 12; version++) {
      await register('listed', { ModelApprovalStatus: version % 3 === 0 ? 'Approved' : 'Rejected' });
    }
    const versions: (number | undefined)[] = [];
    const pages = paginateListModelPackages(
      { client: world.sageMaker, pageSize: 5 },
      { ModelPackageGroupName: 'listed', SortOrder: 'Descending' },
    );
    for await (const page of pages) {
      versions.push(...(page.ModelPackageSummaryList ?? []).map((summary) => summary.ModelPackageVersion));
    }
    expect(versions).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    const approved = await world.sageMaker.send(
      new ListModelPackagesCommand({ ModelPackageGroupName: 'listed', ModelApprovalStatus: 'Approved' }),
    );
    expect(approved.ModelPackageSummaryList?.map((summary) => summary.ModelPackageVersion)).toEqual([
      3, 6, 9, 12,
    ]);
    const ungrouped = await world.sageMaker.send(new ListModelPackagesCommand({}));
    expect(ungrouped.ModelPackageSummaryList).toEqual([]);
  });

  test('an approval is an event on the bus; a metadata edit is another kind; a retry is none', async () => {
    await group('approved');
    const arn = await register('approved');
    const update = (input: Partial<ConstructorParameters<typeof UpdateModelPackageCommand>[0]>) =>
      world.sageMaker.send(new UpdateModelPackageCommand({ ModelPackageArn: arn, ...input }));
    const approval = {
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'good enough',
      ClientToken: 'approve',
    } as const;
    await update(approval);
    await update(approval);
    await update({ CustomerMetadataProperties: { note: 'x' }, CustomerMetadataPropertiesToRemove: ['run'] });
    expect(await describePackage(arn)).toMatchObject({
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'good enough',
      CustomerMetadataProperties: { note: 'x' },
    });
    await world.sageMaker.send(new DeleteModelPackageCommand({ ModelPackageName: arn }));
    await expect(describePackage(arn)).rejects.toMatchObject({ name: 'ValidationException' });

    const events = await world.eventsOf(arn, (found) => found.length >= 4);
    expect(new Set(events.map((event) => event['detail-type']))).toEqual(
      new Set(['SageMaker Model Package State Change']),
    );
    expect(events.map(({ detail }) => detail['UpdatedModelPackageFields'])).toEqual([
      undefined,
      ['ModelApprovalStatus', 'ApprovalDescription'],
      ['CustomerMetadataProperties'],
      undefined,
    ]);
    expect(events.map(({ detail }) => [detail['ModelApprovalStatus'], detail['ModelPackageStatus']])).toEqual(
      [
        ['PendingManualApproval', 'Completed'],
        ['Approved', 'Completed'],
        ['Approved', 'Completed'],
        ['Approved', 'Deleting'],
      ],
    );
    expect(events[1]?.detail).toMatchObject({
      ModelPackageName: 'approved',
      ModelPackageGroupName: 'approved',
      ModelPackageVersion: 1,
      ModelPackageArn: arn,
      ApprovalDescription: 'good enough',
    });
  });

  test('groups are named once, listed, and deleted only when empty; versions are never given twice', async () => {
    const arn = await group('lone');
    await expect(group('Lone')).rejects.toMatchObject({ name: 'ValidationException' });
    const described = await world.sageMaker.send(
      new DescribeModelPackageGroupCommand({ ModelPackageGroupName: arn }),
    );
    expect(described).toMatchObject({
      ModelPackageGroupName: 'lone',
      ModelPackageGroupDescription: 'Models',
    });
    const { ModelPackageGroupSummaryList: found } = await world.sageMaker.send(
      new ListModelPackageGroupsCommand({ NameContains: 'lon', SortBy: 'Name' }),
    );
    expect(found?.map((summary) => summary.ModelPackageGroupName)).toEqual(['lone']);

    const version = await register('lone');
    const remove = new DeleteModelPackageGroupCommand({ ModelPackageGroupName: 'lone' });
    await expect(world.sageMaker.send(remove)).rejects.toMatchObject({ name: 'ConflictException' });
    await world.sageMaker.send(new DeleteModelPackageCommand({ ModelPackageName: version }));
    expect(await register('lone')).toMatch(/lone\/2$/);
    await world.sageMaker.send(new DeleteModelPackageCommand({ ModelPackageName: 'lone/2' }));
    await world.sageMaker.send(remove);
    await expect(
      world.sageMaker.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: 'lone' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('does not exist'),
    });
  });

  test('tags are added, replaced, listed and deleted', async () => {
    const ResourceArn = await group('tagged');
    const tag = (Key: string, Value: string) => ({ Key, Value });
    await world.sageMaker.send(new AddTagsCommand({ ResourceArn, Tags: [tag('a', '1'), tag('b', '2')] }));
    await world.sageMaker.send(new AddTagsCommand({ ResourceArn, Tags: [tag('a', '3')] }));
    await world.sageMaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ['b'] }));
    expect((await world.sageMaker.send(new ListTagsCommand({ ResourceArn }))).Tags).toEqual([tag('a', '3')]);
    const many = Array.from({ length: 50 }, (_, index) => tag(`key-${index}`, ''));
    await expect(world.sageMaker.send(new AddTagsCommand({ ResourceArn, Tags: many }))).rejects.toMatchObject(
      {
        name: 'ValidationException',
        message: expect.stringContaining('51 tags'),
      },
    );
  });
});
