import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveCloud } from '../../../cli/client/cloud.ts';

const running = {
  prefix: 'millrace-mine',
  region: 'eu-west-1',
  endpoint: 'http://127.0.0.1:4566',
  sageMakerEndpoint: 'http://127.0.0.1:4570',
  pid: 4711,
};

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function leave(content: unknown): Promise<void> {
  await mkdir(join(directory, '.millrace'), { recursive: true });
  await writeFile(
    join(directory, '.millrace', 'local.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
}

describe('a running local cloud', () => {
  beforeEach(() => leave(running));

  test.each([undefined, 'local'])('is meant when the environment is %s', async (env) => {
    expect(await resolveCloud({ env, cwd: directory })).toEqual({
      kind: 'local',
      environment: 'local',
      prefix: 'millrace-mine',
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:4566',
      sageMakerEndpoint: 'http://127.0.0.1:4570',
    });
  });

  test('is found from a folder below', async () => {
    const below = join(directory, 'projects', 'wine');
    await mkdir(below, { recursive: true });
    expect(await resolveCloud({ cwd: below })).toMatchObject({ prefix: 'millrace-mine' });
  });

  test('is passed over when an AWS environment is named', async () => {
    expect(await resolveCloud({ env: 'prod', cwd: directory })).toEqual({
      kind: 'aws',
      environment: 'prod',
      prefix: 'millrace-prod',
      region: undefined,
    });
  });

  test('keeps its SageMaker when its endpoint is spelt another way', async () => {
    expect(await resolveCloud({ endpoint: 'http://localhost:4566', cwd: directory })).toMatchObject({
      prefix: 'millrace-mine',
      sageMakerEndpoint: 'http://127.0.0.1:4570',
    });
  });

  test('lends nothing to another endpoint', async () => {
    expect(await resolveCloud({ endpoint: 'http://127.0.0.1:9999/', cwd: directory })).toEqual({
      kind: 'local',
      environment: 'local',
      prefix: 'millrace-local',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9999',
      sageMakerEndpoint: 'http://127.0.0.1:9999',
    });
  });

  test('yields to what is said outright', async () => {
    const said = { prefix: 'p', region: 'us-west-2', sageMakerEndpoint: 'http://127.0.0.1:1' };
    expect(await resolveCloud({ ...said, cwd: directory })).toMatchObject(said);
  });
});

test('an AWS environment in an emulator goes by its own prefix', async () => {
  await leave(running);
  expect(await resolveCloud({ env: 'dev', endpoint: running.endpoint, cwd: directory })).toMatchObject({
    kind: 'local',
    environment: 'dev',
    prefix: 'millrace-dev',
  });
});

test('with neither a local cloud nor an environment, one sentence says what to do', async () => {
  await expect(resolveCloud({ cwd: directory })).rejects.toThrow(
    'start the local cloud with `npm start`, or name an environment with --env',
  );
});

test('an unknown environment names the known ones', async () => {
  await expect(resolveCloud({ env: 'production', cwd: directory })).rejects.toThrow(
    "there is no environment 'production': use local, dev, staging, prod",
  );
});

test.each([
  'https://dynamodb.us-east-1.amazonaws.com',
  'http://10.0.0.7:4566',
  'http://127.0.0.1.example.com:4566',
  'http://127.0.0.1@example.com',
  'http://localhost.example.com',
  'http://0.0.0.0:4566',
  'http://[2001:db8::1]:4566',
  'ftp://127.0.0.1',
  'localhost:4566',
  '',
])("the endpoint '%s' is refused", async (endpoint) => {
  await expect(resolveCloud({ endpoint, cwd: directory })).rejects.toThrow('http://127.0.0.1:4566');
});

test.each(['http://localhost:4566', 'http://127.8.9.1:1', 'http://[::1]:4566', 'http://x.localhost:4566'])(
  "the endpoint '%s' is taken",
  async (endpoint) => {
    expect(await resolveCloud({ endpoint, cwd: directory })).toMatchObject({ endpoint });
  },
);

test('an endpoint in local.json is held to loopback as well, and so is SageMaker', async () => {
  await leave({ ...running, endpoint: 'https://example.com' });
  await expect(resolveCloud({ cwd: directory })).rejects.toThrow("the endpoint 'https://example.com'");
  await leave({ ...running, sageMakerEndpoint: 'https://api.sagemaker.us-east-1.amazonaws.com' });
  await expect(resolveCloud({ cwd: directory })).rejects.toThrow('the SageMaker endpoint');
});

test.each([
  ['', 'file:'],
  ['{"prefix": "x"', 'file:'],
  ['[]', 'file:'],
  [{ ...running, pid: 'four' }, 'pid:'],
  [{ ...running, endpoint: undefined }, 'endpoint:'],
])('a broken local.json (%j) is told with its path and what is wrong', async (content, wrong) => {
  await leave(content);
  const failure = resolveCloud({ cwd: directory });
  await expect(failure).rejects.toThrow(join(directory, '.millrace', 'local.json'));
  await expect(failure).rejects.toThrow(wrong);
  await expect(failure).rejects.toThrow('npm start');
});
