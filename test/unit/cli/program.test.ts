import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../../cli/program.ts';
import { item } from './dynamo-json.ts';
import { json } from './fake-cloud.ts';
import { instantOf, runItem } from './records.ts';
import { withCloud } from './with-cloud.ts';

const world = withCloud();
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function millrace(words: readonly string[], { stdin = '', debug = false } = {}) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await run(words, { stdin: Readable.from([stdin]), stdout, stderr, directory, debug });
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}

const here = (...words: string[]) => [...words, '--endpoint', world.cloud.url];

test('help of every command has an example, and exit code 0', async () => {
  expect(await millrace(['--help'])).toMatchObject({ code: 0, stderr: '' });
  for (const name of ['status', 'upload', 'runs', 'models', 'predict', 'rollback', 'retrain', 'logs']) {
    const { code, stdout } = await millrace([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Examples:\n  ${name === 'predict' ? 'millrace predict' : `millrace ${name}`}`);
    expect(stdout).toContain('--env <name>');
  }
});

describe('a mistake is one sentence on stderr and exit code 1', () => {
  test.each([
    [['status'], 'start the local cloud with `npm start`, or name an environment with --env'],
    [['status', '--env', 'qa'], "there is no environment 'qa'"],
    [['status', '--endpoint', 'http://example.com'], 'is not on this machine'],
    [['runs'], "missing required argument 'project'"],
    [['rollback', 'wine'], "required option '--reason <sentence>' not specified"],
    [['rollback', 'wine', '--reason', ' '], 'say why'],
    [['models', 'approve', 'wine', 'two', '--reason', 'r'], "'two' is no version"],
    [['logs', '--since', 'soon'], "'soon' is no span of time"],
    [['stauts'], "unknown command 'stauts'"],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await millrace(words);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^millrace: /);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('that of a service is told without a stack trace, unless one is asked for', async () => {
    world.cloud.answers = {
      Query: () => json({ __type: 'AccessDeniedException', message: 'not you' }, 400),
    };
    const quiet = await millrace(here('runs', 'wine'));
    expect(quiet).toMatchObject({ code: 1, stderr: 'millrace: AccessDeniedException: not you\n' });
    const debug = await millrace(here('runs', 'wine'), { debug: true });
    expect(debug.stderr).toMatch(/caused by AccessDeniedException[^]*\n\s+at /);
  });
});

test('global options may stand before or after the command; --json is a document', async () => {
  world.cloud.answers = { Query: () => json({ Items: [item(runItem('run-1', 0))] }) };
  const before = await millrace(['--json', '--endpoint', world.cloud.url, 'runs', 'wine']);
  const after = await millrace(here('runs', 'wine', '--json'));
  expect(before).toEqual(after);
  expect(JSON.parse(after.stdout)).toMatchObject([{ runId: 'run-1', state: 'registered' }]);
});

test('predict reads stdin; --curl sends nothing', async () => {
  world.cloud.answers = {
    'POST /models/wine/predict': () =>
      json({ model: 'wine', version: 2, inferenceId: 'i', predictions: [{ value: 1.5 }] }),
  };
  const answered = await millrace(here('predict', 'wine', '--rows', '-'), { stdin: '{"a":1}\n{"a":2}\n' });
  expect(answered).toMatchObject({ code: 0, stderr: '' });
  expect(world.cloud.requests.at(-1)?.body).toBe('{"rows":[{"a":1},{"a":2}]}');

  await writeFile(join(directory, 'rows.json'), '[{"a":3}]');
  const curl = await millrace(here('predict', 'wine', '--rows', 'rows.json', '--curl'));
  expect(curl.stdout).toBe(
    `curl -sS ${world.cloud.url}/models/wine/predict -H 'content-type: application/json' -d '{"rows":[{"a":3}]}'\n`,
  );
  expect(world.cloud.requests.filter(({ path }) => path === '/models/wine/predict')).toHaveLength(1);
});

test('models lists a project, or leads to its subcommands', async () => {
  world.cloud.answers = {
    ListModelPackages: () => json({ ModelPackageSummaryList: [] }),
    GetItem: () => json({}),
  };
  const listed = await millrace(here('models', 'wine'));
  expect(listed).toMatchObject({ code: 0, stdout: 'no versions yet: millrace upload wine <file>\n' });
  const refused = await millrace(here('models', 'approve', 'wine', '1', '--reason', 'r'));
  expect(refused.stderr).toBe('millrace: wine has no version 1; versions: none yet\n');
});

test('a rollback that changed nothing has exit code 1', async () => {
  world.cloud.answers = {
    'POST /2015-03-31/functions/roll-back/invocations': () =>
      json({ rolledBack: false, message: 'there is no former version' }),
  };
  expect(await millrace(here('rollback', 'wine', '--reason', 'r'))).toEqual({
    code: 1,
    stdout: '',
    stderr: 'millrace: nothing was rolled back: there is no former version\n',
  });
});

test('upload --wait follows a bad file to its report', async () => {
  await writeFile(join(directory, 'bad.csv'), 'alcohol\nabc\n');
  const raw = { bucket: 'raw', key: 'wine/bad.csv', versionId: 'v-1' };
  const record = {
    project: 'wine',
    record: 'object#wine/bad.csv#v-1',
    raw,
    verdict: 'rejected',
    reportUri: 's3://curated/quarantine/wine/wine/bad.csv/v-1.json',
    reasons: ['type'],
    at: instantOf(0),
  };
  const report = {
    schemaVersion: 1,
    project: 'wine',
    rawObject: raw,
    rawUri: 's3://raw/wine/bad.csv',
    bytes: 12,
    rejectedAt: instantOf(0),
    violations: [
      { rule: 'type', column: 'alcohol', rows: [1], count: 1, example: 'abc', message: "'abc' is no number" },
    ],
  };
  let asked = 0;
  world.cloud.answers = {
    'PUT /raw/wine/bad.csv': () => ({ headers: { 'x-amz-version-id': 'v-1' }, body: '' }),
    GetItem: ({ body }) => json(body.includes('object#') && ++asked > 1 ? { Item: item(record) } : {}),
    'GET /curated/quarantine/wine/wine/bad.csv/v-1.json': () => json(report),
  };
  const { code, stdout, stderr } = await millrace(here('upload', 'wine', 'bad.csv', '--wait'));
  expect(code).toBe(1);
  expect(stdout).toContain("ROW  COLUMN   RULE  WHAT\n1    alcohol  type  'abc' is no number\n");
  expect(stderr).toBe('millrace: bad.csv was rejected: mend what the report names and upload it again\n');
});

test('upload --wait gives up after the time-out', async () => {
  await writeFile(join(directory, 'a.csv'), 'a\n1\n');
  world.cloud.answers = {
    'PUT /raw/wine/a.csv': () => ({ headers: { 'x-amz-version-id': 'v-1' }, body: '' }),
    GetItem: () => json({}),
  };
  const { code, stderr } = await millrace(here('upload', 'wine', 'a.csv', '--wait', '--timeout', '50ms'));
  expect(code).toBe(1);
  expect(stderr).toContain('waited 0.05 s for the verdict on wine/a.csv');
});
