import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { modelFiles, modelManifest, type ModelManifest } from '../contracts/model-manifest.ts';
import type { RouteTarget } from '../contracts/routing.ts';
import {
  dsseEnvelope,
  signedModel,
  signedModelPayloadType,
  type SignedModel,
} from '../contracts/signature.ts';
import { PermanentError } from '../domain/errors.ts';
import type { ObjectStore } from '../domain/ports/object-store.ts';
import type { ModelLease, ServedModels } from '../domain/ports/served-models.ts';
import { parseS3Uri } from '../domain/s3-uri.ts';
import { warmUpRow } from '../domain/serving/warm-up-row.ts';
import { openEnvelope, sha256Hex } from '../domain/signing/dsse.ts';
import { loadOnnxModel, type OnnxModel } from './onnx-model.ts';

interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly model: OnnxModel;
}

interface Entry {
  readonly loading: Promise<LoadedModel>;
  users: number;
  evicted: boolean;
}

export interface VerifiedModelsOptions {
  readonly objects: ObjectStore;
  /** The only bucket that models are taken from. */
  readonly bucket: string;
  /** ECDSA P-256 key that models must be signed by. */
  readonly publicKey: () => Promise<KeyObject>;
  /** Any rising clock, in milliseconds. */
  readonly clock: () => number;
  /** Told of a session that could not be freed. */
  readonly onDisposeFailure: (error: unknown) => void;
  /** Models in memory at once. */
  readonly capacity?: number;
  /** How long a version that failed is not tried again, in milliseconds. */
  readonly failureMemoryMs?: number;
}

/**
 * Models from S3 that are what their signature says, the least recently used ones freed once nobody holds them.
 * Loading the same version twice at once loads it once.
 */
export class VerifiedModels implements ServedModels {
  readonly #options: VerifiedModelsOptions;
  readonly #capacity: number;
  readonly #failureMemoryMs: number;
  /** In order of use, the latest last. */
  readonly #entries = new Map<string, Entry>();
  readonly #failures = new Map<string, { readonly error: unknown; readonly until: number }>();

  constructor(options: VerifiedModelsOptions) {
    this.#options = options;
    this.#capacity = options.capacity ?? 4;
    this.#failureMemoryMs = options.failureMemoryMs ?? 5000;
  }

  async acquire(project: string, target: RouteTarget): Promise<ModelLease> {
    const id = `${project} ${target.version} ${target.artifactUri}`;
    this.#throwRememberedFailure(id);
    const entry = this.#entries.get(id) ?? { loading: this.#load(project, target), users: 0, evicted: false };
    entry.users += 1;
    // Put last: the map's order is the order of use.
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    this.#evict();
    try {
      const { manifest, model } = await entry.loading;
      return {
        manifest,
        predict: (columns, rows) => model.predict(columns, rows),
        release: this.#releaseOnce(entry),
      };
    } catch (error) {
      if (this.#entries.get(id) === entry) this.#entries.delete(id);
      this.#failures.set(id, { error, until: this.#options.clock() + this.#failureMemoryMs });
      throw error;
    }
  }

  #throwRememberedFailure(id: string): void {
    for (const [key, { until }] of this.#failures) {
      if (until <= this.#options.clock()) this.#failures.delete(key);
    }
    const failure = this.#failures.get(id);
    if (failure) throw failure.error;
  }

  #evict(): void {
    for (const [id, entry] of this.#entries) {
      if (this.#entries.size <= this.#capacity) return;
      this.#entries.delete(id);
      entry.evicted = true;
      if (entry.users === 0) this.#dispose(entry);
    }
  }

  #releaseOnce(entry: Entry): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      entry.users -= 1;
      if (entry.evicted && entry.users === 0) this.#dispose(entry);
    };
  }

  #dispose({ loading }: Entry): void {
    loading.then(({ model }) => model.dispose()).catch(this.#options.onDisposeFailure);
  }

  async #load(project: string, { version, artifactUri }: RouteTarget): Promise<LoadedModel> {
    try {
      return await this.#loadVerified(project, artifactUri);
    } catch (error) {
      const message = `version ${version} of '${project}' at ${artifactUri}: ${error instanceof Error ? error.message : String(error)}`;
      throw error instanceof PermanentError
        ? new PermanentError(`${message}; register it again from its run, or roll back`, { cause: error })
        : new Error(message, { cause: error });
    }
  }

  async #loadVerified(project: string, artifactUri: string): Promise<LoadedModel> {
    const { objects, bucket } = this.#options;
    if (parseS3Uri(artifactUri).bucket !== bucket) {
      throw new PermanentError(`the model lies outside the artifact bucket '${bucket}'`);
    }
    const prefix = artifactUri.replace(/\/$/, '');
    const [publicKey, signature, manifestBytes, modelBytes] = await Promise.all([
      this.#options.publicKey(),
      objects.read(`${prefix}/${modelFiles.signature}`),
      objects.read(`${prefix}/${modelFiles.manifest}`),
      objects.read(`${prefix}/${modelFiles.model}`),
    ]);
    const signed = openSignature(signature, publicKey);
    checkPlace(signed, prefix);
    const modelSha256 = checkFiles(signed, project, manifestBytes, modelBytes);
    const manifest = parseJson(manifestBytes, modelManifest, modelFiles.manifest);
    checkManifest(manifest, signed, modelSha256);

    const model = await loadOnnxModel(modelBytes, manifest);
    try {
      // The first run allocates; no caller should wait for that.
      await model.predict(warmUpRow(manifest), 1);
    } catch (error) {
      await model.dispose();
      throw new PermanentError(`the model fails on its own baseline: ${String(error)}`, { cause: error });
    }
    return { manifest, model };
  }
}

function openSignature(bytes: Uint8Array, publicKey: KeyObject): SignedModel {
  const envelope = parseJson(bytes, dsseEnvelope, modelFiles.signature);
  const opened = openEnvelope(envelope, signedModelPayloadType, publicKey);
  if ('refused' in opened) throw new PermanentError(`the signature is refused: ${opened.refused}`);
  return parseJson(opened.payload, signedModel, 'the signed payload');
}

/** A model lies under its run: an older one, signed as validly, must not pass in a newer one's place. */
function checkPlace(signed: SignedModel, prefix: string): void {
  const run = prefix.slice(prefix.lastIndexOf('/') + 1);
  if (run !== signed.runId) {
    throw new PermanentError(
      `the signature is for run '${signed.runId}', but the files lie under run '${run}'`,
    );
  }
}

/** @returns the digest of the model's bytes */
function checkFiles(signed: SignedModel, project: string, manifest: Uint8Array, model: Uint8Array): string {
  if (signed.project !== project) {
    throw new PermanentError(`the signature is for project '${signed.project}', expected '${project}'`);
  }
  checkDigest(modelFiles.manifest, sha256Hex(manifest), signed.files['manifest.json']);
  const digest = sha256Hex(model);
  checkDigest(modelFiles.model, digest, signed.files['model.onnx']);
  return digest;
}

function checkDigest(file: string, found: string, signed: string): void {
  if (found !== signed) {
    throw new PermanentError(
      `${file} was changed after it was signed: its SHA-256 is ${found}, signed was ${signed}`,
    );
  }
}

function checkManifest(manifest: ModelManifest, signed: SignedModel, modelSha256: string): void {
  if (manifest.project !== signed.project || manifest.runId !== signed.runId) {
    throw new PermanentError(
      `the manifest is for '${manifest.project}' run '${manifest.runId}', ` +
        `signed was '${signed.project}' run '${signed.runId}'`,
    );
  }
  checkDigest(modelFiles.model, modelSha256, manifest.model.sha256);
}

function parseJson<Schema extends z.ZodType>(
  bytes: Uint8Array,
  schema: Schema,
  name: string,
): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new PermanentError(`${name} is not JSON: ${String(error)}`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new PermanentError(`${name} does not fit its contract: ${parsed.error.message}`);
}
