import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { joinS3, parseS3Uri } from './s3-location.ts';
import type { S3Location } from './s3-location.ts';

const PARALLEL_TRANSFERS = 8;

/** Every object whose key begins with the location's key, but for the empty ones that stand for folders. */
export async function listObjects(
  s3: S3Client,
  location: S3Location,
  signal: AbortSignal,
): Promise<S3Location[]> {
  const found: S3Location[] = [];
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: location.bucket, Prefix: location.key });
  for await (const page of pages) {
    signal.throwIfAborted();
    for (const { Key } of page.Contents ?? []) {
      if (Key !== undefined && !Key.endsWith('/')) found.push({ bucket: location.bucket, key: Key });
    }
  }
  return found;
}

/** The whole object as UTF-8 text. */
export async function readText(
  s3: S3Client,
  { bucket, key }: S3Location,
  signal: AbortSignal,
): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  if (Body === undefined) throw new Error(`s3://${bucket}/${key} has no body`);
  return Body.transformToString('utf-8');
}

export interface Download {
  readonly from: S3Location;
  /** Below the target folder. */
  readonly path: string;
}

/** Throws when a path would leave the folder, and whatever S3 answers. */
export async function downloadFiles(
  s3: S3Client,
  downloads: readonly Download[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  await inParallel(downloads, async ({ from, path }) => {
    const target = resolve(folder, path);
    if (!target.startsWith(resolve(folder) + sep)) {
      throw new Error(
        `The key s3://${from.bucket}/${from.key} would be written outside its channel, as '${path}'`,
      );
    }
    await mkdir(dirname(target), { recursive: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: from.bucket, Key: from.key }), {
      abortSignal: signal,
    });
    if (!(Body instanceof Readable)) throw new Error(`s3://${from.bucket}/${from.key} has no body`);
    await pipeline(Body, createWriteStream(target), { signal });
  });
}

export async function uploadFile(s3: S3Client, file: string, uri: string): Promise<void> {
  const { bucket, key } = parseS3Uri(uri);
  const { size } = await stat(file);
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: createReadStream(file), ContentLength: size }),
  );
}

/** Uploads every file of the folder below `uri`; the answer is their number. */
export async function uploadFolder(s3: S3Client, folder: string, uri: string): Promise<number> {
  const files = await listFiles(folder);
  await inParallel(files, (file) =>
    uploadFile(s3, file, joinS3(uri, relative(folder, file).split(sep).join('/'))),
  );
  return files.length;
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: Math.min(PARALLEL_TRANSFERS, items.length) }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}
