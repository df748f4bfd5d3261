import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll } from 'vitest';
import { startSageMaker, type RunningSageMaker } from '../../../local/sagemaker/index.ts';
import type { ClientConfig } from './cloud.ts';

/** Writes a model, or fails with a sentence, as its hyperparameter `ending` says. */
const trainer = `
import json, os, pathlib, sys
root = pathlib.Path(os.environ["MILLRACE_ML_ROOT"])
if json.loads((root / "input/config/hyperparameters.json").read_text())["ending"] == "bad":
    (root / "output/failure").write_text("the moon is full")
    sys.exit(1)
(root / "model/model.txt").write_text("a model")
`;

export const bucket = 'training-jobs';
export const trainerImage = '000000000000.dkr.ecr.us-east-1.amazonaws.com/trainer:1';

/** Starts a SageMaker server before the emulator for the tests of one file. @returns what gives a client for it */
export function localSageMaker(config: () => ClientConfig): () => SageMakerClient {
  let server: RunningSageMaker | undefined;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-contracts-'));
    const script = join(folder, 'trainer.py');
    await writeFile(script, trainer);
    const s3 = new S3Client({ ...config(), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'config/training.json', Body: '{}' }));
    s3.destroy();
    server = await startSageMaker({
      stateDir: join(folder, 'state'),
      emulatorEndpoint: config().endpoint,
      images: { trainer: { command: ['python3', script], env: {} } },
      log: () => undefined,
    });
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);
  return () => {
    if (!server)
      throw new Error('the server is started before the first test, not while tests are collected');
    return new SageMakerClient({ ...config(), endpoint: server.url, maxAttempts: 1 });
  };
}
