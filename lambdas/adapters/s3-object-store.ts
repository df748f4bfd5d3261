import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { PermanentError } from '../domain/errors.ts';
import type { ObjectStore } from '../domain/ports/object-store.ts';
import { parseS3Uri } from '../domain/s3-uri.ts';

/** Objects in S3. Bodies are streamed, so that memory does not grow with the object, except in `read`. */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;

  constructor(client: S3Client) {
    this.#client = client;
  }

  async stat(uri: string, versionId?: string): ReturnType<ObjectStore['stat']> {
    const { bucket, key } = parseS3Uri(uri);
    try {
      const head = await this.#client.send(
        new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
      );
      return { bytes: head.ContentLength ?? 0, versionId: head.VersionId };
    } catch (error) {
      if (error instanceof NotFound || isMissing(error)) return undefined;
      throw error;
    }
  }

  async read(uri: string, versionId?: string): Promise<Uint8Array> {
    const body = await this.#open(uri, versionId);
    return body.transformToByteArray();
  }

  async download(uri: string, path: string, versionId?: string): ReturnType<ObjectStore['download']> {
    const body = await this.#open(uri, versionId);
    if (!(body instanceof Readable)) throw new Error(`the body of ${uri} is not a Node stream`);
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    await pipeline(body, measure, createWriteStream(path));
    return { sha256: hash.digest('hex'), bytes };
  }

  async write(uri: string, body: Uint8Array | string, contentType: string): Promise<void> {
    const { bucket, key } = parseS3Uri(uri);
    await this.#client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }),
    );
  }

  async upload(path: string, uri: string, contentType: string): Promise<void> {
    const { bucket, key } = parseS3Uri(uri);
    const { size } = await stat(path);
    await this.#client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: createReadStream(path),
        ContentLength: size,
        ContentType: contentType,
      }),
    );
  }

  async #open(uri: string, versionId?: string) {
    const { bucket, key } = parseS3Uri(uri);
    try {
      const { Body } = await this.#client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
      );
      if (!Body) throw new Error(`S3 answered for ${uri} without a body`);
      return Body;
    } catch (error) {
      if (isMissing(error)) {
        throw new PermanentError(`${uri}${versionId ? ` (version ${versionId})` : ''} does not exist`);
      }
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof S3ServiceException &&
    (error.name === 'NoSuchKey' || error.name === 'NoSuchVersion' || error.name === 'NotFound')
  );
}
