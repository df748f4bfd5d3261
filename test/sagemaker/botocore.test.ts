import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startSageMaker } from '../../local/sagemaker/index.ts';

test("Python's own SDK works against it, unchanged", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'millrace-botocore-'));
  // No emulator: the registry answers without one, and its events wait.
  const emulatorEndpoint = 'http://127.0.0.1:9';
  const server = await startSageMaker({ stateDir, emulatorEndpoint, images: {}, log: () => undefined });
  const python = resolve(import.meta.dirname, '../../.venv/bin/python');
  const script = resolve(import.meta.dirname, 'botocore_client.py');
  const env = { PATH: process.env['PATH'], AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const run = promisify(execFile);
  let stdout: string;
  try {
    ({ stdout } = await run(python, [script, server.url], { env }));
  } finally {
    await server.stop();
  }
  await rm(stateDir, { recursive: true });
  const seen: unknown = JSON.parse(stdout);
  expect(seen).toEqual({
    arn: 'arn:aws:sagemaker:us-east-1:000000000000:model-package/from-python/1',
    created: expect.closeTo(Date.now() / 1000, -2),
    status: 'PendingManualApproval',
    listed: [1],
    missing_job: expect.stringMatching(/^ResourceNotFound: .*'nobody'/),
    unknown_action: expect.stringMatching(/^UnknownOperationException: .*'ListEndpoints'/),
  });
});
