import { z } from 'zod';
import { modelFiles, modelManifest, type ModelManifest } from '../contracts/model-manifest.ts';
import { PermanentError } from '../domain/errors.ts';
import type { ObjectStore } from '../domain/ports/object-store.ts';

/** Baselines kept: the few versions that a project's traffic can go to, for a good number of projects. */
const kept = 64;

/** Baselines of model versions, out of their manifests in S3. An artifact never changes, so one reading lasts. */
export class ModelBaselines {
  readonly #objects: ObjectStore;
  readonly #cache = new Map<string, ModelManifest['baseline']>();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /**
   * @param artifactUri prefix that holds `manifest.json`
   * @throws PermanentError when there is no manifest, or one that does not fit its contract
   */
  async read(artifactUri: string): Promise<ModelManifest['baseline']> {
    const cached = this.#cache.get(artifactUri);
    if (cached) return cached;
    const uri = `${artifactUri.replace(/\/$/, '')}/${modelFiles.manifest}`;
    const { baseline } = parseManifest(uri, await this.#objects.read(uri));
    const oldest = this.#cache.keys().next();
    if (this.#cache.size >= kept && !oldest.done) this.#cache.delete(oldest.value);
    this.#cache.set(artifactUri, baseline);
    return baseline;
  }
}

function parseManifest(uri: string, bytes: Uint8Array): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new PermanentError(`${uri} is not JSON: ${String(error)}`);
  }
  const parsed = modelManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new PermanentError(`${uri} does not fit the model manifest: ${z.prettifyError(parsed.error)}`);
}
