import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { modelFiles, trainedManifest } from '../contracts/model-manifest.ts';
import type { TrainedManifest } from '../contracts/model-manifest.ts';
import { PermanentError } from '../domain/errors.ts';
import type { ObjectStore } from '../domain/ports/object-store.ts';
import { unpackFiles } from './tar-archive.ts';

/** What a training job left behind: the model's bytes, which its manifest names, and where they lie. */
export interface ModelArchive {
  readonly manifest: TrainedManifest;
  readonly model: Uint8Array;
  readonly modelPath: string;
}

/**
 * Downloads SageMaker's `model.tar.gz` and unpacks it into `folder`.
 * @throws PermanentError when there is none, it cannot be unpacked, its manifest breaks the contract, or the hash of its model is
 *   another than the manifest's
 */
export async function openModelArchive(
  objects: ObjectStore,
  uri: string,
  folder: string,
): Promise<ModelArchive> {
  const archive = join(folder, 'model.tar.gz');
  if (!(await objects.stat(uri))) {
    throw new PermanentError(
      `the training code left no model: it must write ${modelFiles.model} and ${modelFiles.manifest} to /opt/ml/model, ` +
        `but ${uri} does not exist`,
    );
  }
  await objects.download(uri, archive);
  const [modelPath = '', manifestPath = ''] = await unpackFiles(
    archive,
    folder,
    [modelFiles.model, modelFiles.manifest],
    uri,
  );
  const manifest = parseManifest(await readFile(manifestPath, 'utf8'), uri);
  const model = await readFile(modelPath);
  const hash = createHash('sha256').update(model).digest('hex');
  if (hash !== manifest.model.sha256) {
    throw new PermanentError(
      `${modelFiles.model} in ${uri} has SHA-256 ${hash}, but its manifest says ${manifest.model.sha256}: ` +
        `the training code must write the manifest after the model, and not touch the model again`,
    );
  }
  return { manifest, model, modelPath };
}

function parseManifest(text: string, uri: string): TrainedManifest {
  // Python writes these; JSON knows neither.
  const notFinite = /"([^"\\]+)"\s*:\s*(NaN|-?Infinity)\b/.exec(text);
  if (notFinite) {
    throw new PermanentError(
      `${notFinite[1]} in the trainer's ${modelFiles.manifest} is ${notFinite[2]}, not a finite number (${uri})`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PermanentError(`${modelFiles.manifest} in ${uri} is not JSON: ${String(error)}`);
  }
  const parsed = trainedManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new PermanentError(
    `${modelFiles.manifest} in ${uri} does not fit its contract: ${z.prettifyError(parsed.error)}`,
  );
}
