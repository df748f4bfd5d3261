import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { json } from './fake-cloud.ts';
import { withCloud } from './with-cloud.ts';

const world = withCloud();
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
});
afterEach(() => rm(directory, { recursive: true }));

const stored = () => ({ headers: { 'x-amz-version-id': 'v-1', etag: '"e"' }, body: '' });

test('a file goes to the folder of its project, whole, and its version comes back', async () => {
  const path = join(directory, 'rows.csv');
  const content = 'alcohol,ash\n'.repeat(50_000);
  await writeFile(path, content);
  world.cloud.answers = { 'PUT /raw/wine/rows.csv': stored };
  const millrace = await world.connect();
  expect(await millrace.upload('wine', path)).toEqual({
    bucket: 'raw',
    key: 'wine/rows.csv',
    versionId: 'v-1',
  });
  expect(world.cloud.requests.at(-1)?.body).toBe(content);
});

test('an empty file is uploaded, for ingest to refuse', async () => {
  const path = join(directory, 'nothing.csv');
  await writeFile(path, '');
  world.cloud.answers = { 'PUT /raw/wine/nothing.csv': stored };
  const millrace = await world.connect();
  expect(await millrace.upload('wine', path)).toMatchObject({ key: 'wine/nothing.csv' });
});

test('a name may lead deeper', async () => {
  const path = join(directory, 'rows.csv');
  await writeFile(path, 'a\n1\n');
  world.cloud.answers = { 'PUT /raw/wine/2026/week%2047.csv': stored };
  const millrace = await world.connect();
  expect(await millrace.upload('wine', path, { name: '2026/week 47.csv' })).toMatchObject({
    key: 'wine/2026/week 47.csv',
  });
});

test.each([
  ['beer', 'rows.csv', {}, "has no project 'beer'"],
  ['wine', 'missing.csv', {}, 'cannot be read (ENOENT)'],
  ['wine', '.', {}, 'is not a file'],
  ['wine', 'rows.csv', { name: '' }, 'names no object'],
  ['wine', 'rows.csv', { name: '/rows.csv' }, 'names no object'],
])('an upload to %s of %s %j is refused before anything is sent', async (project, file, options, message) => {
  await writeFile(join(directory, 'rows.csv'), 'a\n1\n');
  const millrace = await world.connect();
  const before = world.cloud.requests.length;
  await expect(millrace.upload(project, join(directory, file), options)).rejects.toThrow(message);
  expect(world.cloud.requests).toHaveLength(before);
});

test('a bucket without versions is refused: what was uploaded could not be named', async () => {
  const path = join(directory, 'rows.csv');
  await writeFile(path, 'a\n1\n');
  world.cloud.answers = { 'PUT /raw/wine/rows.csv': () => ({ body: '' }) };
  const millrace = await world.connect();
  await expect(millrace.upload('wine', path)).rejects.toThrow('raw keeps no versions');
});

test('the record of an object is asked for by key and version', async () => {
  world.cloud.answers = { GetItem: () => json({}) };
  const millrace = await world.connect();
  expect(await millrace.objectRecord('wine', 'wine/rows.csv', 'v-1')).toBeUndefined();
  expect(JSON.parse(world.cloud.requests.at(-1)?.body ?? '')).toMatchObject({
    TableName: 'ledger',
    ConsistentRead: true,
    Key: { project: { S: 'wine' }, record: { S: 'object#wine/rows.csv#v-1' } },
  });
});
