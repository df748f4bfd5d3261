import { createHash } from 'node:crypto';
import { modelFiles, modelManifest } from '../../contracts/model-manifest.ts';
import type { ModelManifest } from '../../contracts/model-manifest.ts';
import type { RouteTarget } from '../../contracts/routing.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { ObjectStore } from '../../domain/ports/object-store.ts';
import { parseJsonAs } from '../../runtime/parse.ts';

export async function readChampionManifest(
  objects: ObjectStore,
  { artifactUri }: RouteTarget,
): Promise<ModelManifest> {
  const uri = fileOf(artifactUri, modelFiles.manifest);
  return parseJsonAs(modelManifest, await objects.read(uri), uri);
}

/** @throws PermanentError when the bytes are not those that the manifest names */
export async function readChampionModel(
  objects: ObjectStore,
  { artifactUri, version }: RouteTarget,
  manifest: ModelManifest,
): Promise<Uint8Array> {
  const uri = fileOf(artifactUri, modelFiles.model);
  const model = await objects.read(uri);
  const hash = createHash('sha256').update(model).digest('hex');
  if (hash === manifest.model.sha256) return model;
  throw new PermanentError(
    `the champion, version ${version}, was changed: ${uri} has SHA-256 ${hash}, ` +
      `its manifest says ${manifest.model.sha256}`,
  );
}

function fileOf(artifactUri: string, name: string): string {
  return `${artifactUri.replace(/\/$/, '')}/${name}`;
}
