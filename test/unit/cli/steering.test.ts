import { expect, test } from 'vitest';
import { item } from './dynamo-json.ts';
import { json } from './fake-cloud.ts';
import { routingItem } from './records.ts';
import { withCloud } from './with-cloud.ts';

const world = withCloud();
const rollBackPath = 'POST /2015-03-31/functions/roll-back/invocations';
const arnOf = (version: number) =>
  `arn:aws:sagemaker:us-east-1:000000000000:model-package/millrace-local-wine/${version}`;
const summary = (version: number) => ({ ModelPackageArn: arnOf(version), ModelPackageVersion: version });
const sentBody = (): unknown => JSON.parse(world.cloud.requests.at(-1)?.body ?? '');

test('a rollback is one synchronous call with the command', async () => {
  world.cloud.answers = {
    [rollBackPath]: () => json({ rolledBack: true, message: 'version 1 is back', champion: 1 }),
  };
  const millrace = await world.connect();
  const command = { project: 'wine', toVersion: 1, reason: 'it drinks too much' };
  expect(await millrace.rollBack(command)).toEqual({
    rolledBack: true,
    message: 'version 1 is back',
    champion: 1,
  });
  expect(sentBody()).toEqual(command);
  expect(world.cloud.requests.at(-1)?.headers['x-amz-invocation-type']).toBe('RequestResponse');
});

test('a failing rollback function is told in its own words', async () => {
  world.cloud.answers = {
    [rollBackPath]: () => ({
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: JSON.stringify({ errorType: 'Error', errorMessage: 'the table is away' }),
    }),
  };
  const millrace = await world.connect();
  await expect(millrace.rollBack({ project: 'wine', reason: 'r' })).rejects.toThrow(
    'the rollback of wine failed: the table is away',
  );
});

test('a rollback whose answer was lost is not sent again', async () => {
  world.cloud.answers = { [rollBackPath]: () => json({ message: 'try later' }, 503) };
  const millrace = await world.connect();
  await expect(millrace.rollBack({ project: 'wine', reason: 'r' })).rejects.toThrow();
  expect(world.cloud.requests.filter(({ path }) => path.includes('invocations'))).toHaveLength(1);
});

test('asking for a retraining puts the contract’s event on the bus', async () => {
  world.cloud.answers = { PutEvents: () => json({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] }) };
  const millrace = await world.connect();
  const asked = await millrace.retrain('wine', 'labels were corrected');
  const { Entries } = sentBody() as { Entries: Record<string, string>[] };
  expect(Entries).toHaveLength(1);
  expect(Entries[0]).toMatchObject({
    EventBusName: 'bus',
    Source: 'millrace.cli',
    DetailType: 'RetrainingAsked.v1',
  });
  expect(JSON.parse(Entries[0]?.['Detail'] ?? '')).toEqual(asked);
  expect(asked).toMatchObject({ project: 'wine', reason: 'labels were corrected' });
});

test('an entry that the bus refused is an error, though the request succeeded', async () => {
  world.cloud.answers = {
    PutEvents: () =>
      json({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'AccessDenied', ErrorMessage: 'not you' }] }),
  };
  const millrace = await world.connect();
  await expect(millrace.retrain('wine', 'r')).rejects.toThrow(
    "the bus refused 'RetrainingAsked.v1': AccessDenied not you",
  );
});

test('versions carry approval, metadata and alias', async () => {
  const metadata = {
    project: 'wine',
    runId: 'run-3',
    artifactUri: 's3://artifacts/wine/3',
    modelSha256: 'b'.repeat(64),
  };
  world.cloud.answers = {
    GetItem: () => json({ Item: item(routingItem) }),
    ListModelPackages: () => json({ ModelPackageSummaryList: [4, 3, 2].map(summary) }),
    DescribeModelPackage: ({ body }) => {
      const version = Number(body.match(/wine\/(\d)/)?.[1]);
      return json({
        ModelPackageArn: arnOf(version),
        ModelPackageVersion: version,
        ModelApprovalStatus: version === 4 ? 'PendingManualApproval' : 'Approved',
        ApprovalDescription: `approved ${version}`,
        CreationTime: 1_795_000_000,
        ...(version === 3 && { CustomerMetadataProperties: metadata }),
      });
    },
  };
  const millrace = await world.connect();
  const versions = await millrace.versions('wine');
  expect(
    versions.map(({ version, alias, weightPercent, approval }) => [version, alias, weightPercent, approval]),
  ).toEqual([
    [4, undefined, undefined, 'PendingManualApproval'],
    [3, 'challenger', 10, 'Approved'],
    [2, 'champion', 90, 'Approved'],
  ]);
  expect(versions.map((version) => version.metadata)).toEqual([undefined, metadata, undefined]);
  expect(versions[1]?.createdAt).toMatch(/^2026-/);
  expect(JSON.parse(world.cloud.sent('ListModelPackages')[0]?.body ?? '')).toMatchObject({
    ModelPackageGroupName: 'millrace-local-wine',
    SortBy: 'CreationTime',
    SortOrder: 'Descending',
  });
});

test('a project whose group is not there yet has no versions', async () => {
  world.cloud.answers = {
    GetItem: () => json({}),
    ListModelPackages: () =>
      json({ __type: 'ValidationException', message: 'ModelPackageGroup x does not exist.' }, 400),
  };
  const millrace = await world.connect();
  expect(await millrace.versions('wine')).toEqual([]);
});

test.each([
  ['approve', 'Approved'],
  ['reject', 'Rejected'],
] as const)('to %s finds the version on a later page and keeps the reason', async (verb, approval) => {
  world.cloud.answers = {
    ListModelPackages: ({ body }) =>
      json(
        body.includes('NextToken')
          ? { ModelPackageSummaryList: [summary(1)] }
          : { ModelPackageSummaryList: [summary(2)], NextToken: 'more' },
      ),
    UpdateModelPackage: () => json({ ModelPackageArn: arnOf(1) }),
  };
  const millrace = await world.connect();
  await millrace[verb]('wine', 1, 'reviewed');
  expect(sentBody()).toEqual({
    ModelPackageArn: arnOf(1),
    ModelApprovalStatus: approval,
    ApprovalDescription: 'reviewed',
  });
});

test('a version that is not there is named with those that are', async () => {
  world.cloud.answers = {
    ListModelPackages: () => json({ ModelPackageSummaryList: [summary(2), summary(1)] }),
  };
  const millrace = await world.connect();
  await expect(millrace.approve('wine', 7, 'r')).rejects.toThrow('wine has no version 7; versions: 2, 1');
  expect(world.cloud.sent('UpdateModelPackage')).toHaveLength(0);
});
