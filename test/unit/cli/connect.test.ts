import { tmpdir } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connect } from '../../../cli/client/connect.ts';
import { MillraceError } from '../../../cli/client/millrace-error.ts';
import { FakeCloud, json, stacksOf } from './fake-cloud.ts';
import { withCloud } from './with-cloud.ts';

const world = withCloud();

afterEach(() => {
  vi.unstubAllEnvs();
});

test('reads outputs and projects from the stacks', async () => {
  const millrace = await world.connect();
  expect(millrace.projects).toEqual(['breast-cancer', 'wine']);
  expect(millrace.outputs.data.RawBucketName).toBe('raw');
  expect(millrace.outputs.monitoring.MonitorsTableName).toBe('monitors');
  expect(world.cloud.sent('DescribeStacks')).toHaveLength(4);
});

describe('a local cloud with a developer signed in to AWS', () => {
  const ambient = {
    AWS_PROFILE: 'production-admin',
    AWS_ACCESS_KEY_ID: 'AKIAREALREALREAL',
    AWS_SECRET_ACCESS_KEY: 'real-secret',
    AWS_SESSION_TOKEN: 'real-token',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token',
    AWS_ENDPOINT_URL: 'https://example.com',
    AWS_ENDPOINT_URL_DYNAMODB: 'https://example.com',
    AWS_REGION: 'ap-south-1',
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
  };

  test('every service is reached there, as nobody real', async () => {
    for (const [name, value] of Object.entries(ambient)) vi.stubEnv(name, value);
    world.cloud.answers = {
      GetItem: () => json({}),
      Query: () => json({ Items: [] }),
      PutEvents: () => json({ Entries: [{ EventId: '1' }] }),
      ListModelPackages: () => json({ ModelPackageSummaryList: [] }),
      DescribeLogGroups: () => json({ logGroups: [] }),
      'POST /2015-03-31/functions/roll-back/invocations': () => json({ rolledBack: true, message: 'done' }),
      'GET /curated/report.json': () => json({}),
      'POST /models/wine/predict': () => json({ error: 'no' }, 503),
    };
    const millrace = await world.connect();
    await millrace.datasetHead('wine');
    await millrace.retrain('wine', 'why not');
    await millrace.versions('wine');
    await millrace.rollBack({ project: 'wine', reason: 'because' });
    await expect(millrace.quarantineReport('s3://curated/report.json')).rejects.toThrow();
    await expect(millrace.predict('wine', [{ a: 1 }])).rejects.toThrow('503');
    for await (const entry of millrace.logs()) expect(entry).toBeUndefined();

    const signed = world.cloud.requests.filter(({ path }) => path !== '/models/wine/predict');
    expect(new Set(signed.map(({ action, path }) => action || path)).size).toBeGreaterThanOrEqual(7);
    for (const { headers } of signed) {
      expect(headers.authorization).toMatch(/Credential=test\/\d+\/us-east-1\//);
      expect(headers['x-amz-security-token']).toBeUndefined();
    }
    expect(
      world.cloud.requests.find(({ path }) => path === '/models/wine/predict')?.headers,
    ).not.toHaveProperty('authorization');
    expect(JSON.stringify(world.cloud.requests)).not.toMatch(/AKIAREAL|real-token|real-secret/);
  });
});

test.each(['data', 'training', 'serving', 'monitoring'])('a missing %s stack is a sentence', async (room) => {
  const stacks = stacksOf(world.cloud.url);
  delete stacks[`millrace-local-${room}`];
  world.cloud.stacks = stacks;
  await expect(world.connect()).rejects.toThrow(
    new MillraceError(`millrace-local-${room} is not deployed; run \`npm start\``),
  );
});

test('a stack without an output names it', async () => {
  const stacks = stacksOf(world.cloud.url);
  delete stacks['millrace-local-serving']?.['ApiUrl'];
  world.cloud.stacks = stacks;
  await expect(world.connect()).rejects.toThrow(
    'millrace-local-serving (CREATE_COMPLETE) gives no usable ApiUrl',
  );
});

test('an API of a local cloud that is elsewhere is not called', async () => {
  world.cloud.stacks = stacksOf('https://abc.execute-api.us-east-1.amazonaws.com');
  const millrace = await world.connect();
  await expect(millrace.predict('wine', [{ a: 1 }])).rejects.toThrow('is not on this machine');
});

test('a local cloud that is gone is told as such', async () => {
  const gone = await new FakeCloud().start();
  const { url } = gone;
  await gone.stop();
  await expect(connect({ endpoint: url, cwd: tmpdir() })).rejects.toThrow(
    new MillraceError(`the local cloud at ${url} does not answer; start it with npm start`),
  );
});
