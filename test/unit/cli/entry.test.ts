import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const entry = join(import.meta.dirname, '../../../cli/millrace.mjs');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
});
afterEach(() => rm(directory, { recursive: true }));

const start = (script: string, ...words: string[]) =>
  spawnSync(process.execPath, [script, ...words], { encoding: 'utf8', cwd: directory });

test('the command runs from any folder', () => {
  expect(start(entry, '--help')).toMatchObject({ status: 0, stderr: '' });
  const failed = start(entry, 'status');
  expect(failed.status).toBe(1);
  expect(failed.stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('without its packages it says what to run', async () => {
  await mkdir(join(directory, 'cli'));
  const copied = join(directory, 'cli', 'millrace.mjs');
  await copyFile(entry, copied);
  expect(start(copied, 'status')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'millrace: its packages are not installed: run npm start first\n',
  });
});

test('a broken local.json is one sentence', async () => {
  await mkdir(join(directory, '.millrace'));
  await writeFile(join(directory, '.millrace', 'local.json'), '{');
  const failed = start(entry, 'status');
  expect(failed.status).toBe(1);
  expect(failed.stderr).toMatch(/^millrace: .*local\.json does not describe a local cloud .*\n$/);
});
