import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openModelArchive } from '../../../lambdas/adapters/tar-model-archive.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import { InMemoryObjectStore } from '../../builders/in-memory-object-store.ts';
import { tarGz } from '../../builders/model-archive.ts';
import { trained } from '../../builders/training.ts';

const uri = 's3://artifacts/tumours/runs/1/output/model.tar.gz';
const model = 'the bytes of a model'.repeat(5000);
const manifest = JSON.stringify(trained(model));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

function open(archive: Uint8Array) {
  const objects = new InMemoryObjectStore();
  objects.put(uri, archive);
  return openModelArchive(objects, uri, folder);
}

describe('the archive that a training job leaves', () => {
  it('gives the model that its manifest names, and leaves the rest packed', async () => {
    const opened = await open(
      await tarGz({ 'model.onnx': model, 'manifest.json': manifest, 'pipeline.pickle': 'dangerous' }),
    );
    expect(opened.manifest).toEqual(trained(model));
    expect(new TextDecoder().decode(opened.model)).toBe(model);
    expect(await readFile(opened.modelPath, 'utf8')).toBe(model);
    await expect(readFile(join(folder, 'pipeline.pickle'))).rejects.toThrow('ENOENT');
  });

  const whole = tarGz({ 'model.onnx': model, 'manifest.json': manifest });
  it.each([
    ['nothing', async () => new Uint8Array(), 'is not a readable tar.gz archive'],
    [
      'no archive',
      async () => new TextEncoder().encode('hello'.repeat(500)),
      'is not a readable tar.gz archive',
    ],
    ['half an archive', async () => (await whole).slice(0, 150), 'is not a readable tar.gz archive'],
    [
      'no manifest',
      () => tarGz({ 'model.onnx': model }),
      'holds no manifest.json at its top, but ./, ./model.onnx',
    ],
    [
      'another model than its manifest names',
      () => tarGz({ 'model.onnx': 'other bytes', 'manifest.json': manifest }),
      'but its manifest says',
    ],
    [
      'a metric that is NaN',
      () =>
        tarGz({
          'model.onnx': model,
          'manifest.json': manifest.replace('"accuracy":0.9', '"accuracy": NaN'),
        }),
      "accuracy in the trainer's manifest.json is NaN, not a finite number",
    ],
    [
      'a manifest that breaks its contract',
      () => tarGz({ 'model.onnx': model, 'manifest.json': '{"schemaVersion": 2}' }),
      'does not fit its contract',
    ],
  ])('is refused for good when it holds %s', async (_case, archive, message) => {
    const opening = open(await archive());
    await expect(opening).rejects.toThrow(PermanentError);
    await expect(opening).rejects.toThrow(message);
  });

  it('is refused for good when there is none', async () => {
    const opening = openModelArchive(new InMemoryObjectStore(), uri, folder);
    await expect(opening).rejects.toThrow(PermanentError);
    await expect(opening).rejects.toThrow(
      `the training code left no model: it must write model.onnx and manifest.json to /opt/ml/model, but ${uri} does not exist`,
    );
  });

  it('is refused when the model is a link out of it', async () => {
    await symlink('/etc/hostname', join(folder, 'model.onnx'));
    const archive = join(folder, 'linked.tar.gz');
    await create({ gzip: true, cwd: folder, file: archive }, ['model.onnx']);
    await expect(open(await readFile(archive))).rejects.toThrow('holds no model.onnx at its top');
  });
});
