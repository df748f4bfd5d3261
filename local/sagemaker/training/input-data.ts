import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { Channel } from '../requests/training-job.ts';
import { JobFailure } from './job-failure.ts';
import { downloadFiles, listObjects, readText } from './s3-files.ts';
import type { Download } from './s3-files.ts';
import { parseS3Uri } from './s3-location.ts';
import type { S3Location } from './s3-location.ts';

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html: a prefix, then keys below it. */
const manifest = z.tuple([z.strictObject({ prefix: z.string().startsWith('s3://') })], z.string().min(1));

/** Fills `inputFolder/<channel>`. Throws JobFailure (ClientError) when the data cannot be had. */
export async function downloadChannel(
  s3: S3Client,
  channel: Channel,
  inputFolder: string,
  signal: AbortSignal,
): Promise<void> {
  const folder = join(inputFolder, channel.ChannelName);
  await mkdir(folder, { recursive: true });
  try {
    await downloadFiles(s3, await planDownloads(s3, channel, signal), folder, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new JobFailure(
      'ClientError',
      `Data download failed: channel '${channel.ChannelName}': ${messageOf(error)}`,
      error,
    );
  }
}

async function planDownloads(s3: S3Client, channel: Channel, signal: AbortSignal): Promise<Download[]> {
  const { S3DataType: type, S3Uri: uri } = channel.DataSource.S3DataSource;
  const location = parseS3Uri(uri);
  if (type === 'ManifestFile') return planManifest(s3, location, uri, signal);
  const objects = await listObjects(s3, location, signal);
  if (objects.length === 0) {
    throw new Error(`No S3 objects found under S3 URL "${uri}" given in input data source`);
  }
  return objects.map((from) => ({ from, path: pathBelow(location.key, from.key) }));
}

async function planManifest(
  s3: S3Client,
  location: S3Location,
  uri: string,
  signal: AbortSignal,
): Promise<Download[]> {
  const text = await readText(s3, location, signal);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new Error(`The manifest ${uri} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const parsed = manifest.safeParse(content);
  if (!parsed.success) {
    throw new Error(
      `The manifest ${uri} must be an array whose first element is {"prefix": "s3://bucket/path/"}, followed by relative keys: ${z.prettifyError(parsed.error)}`,
    );
  }
  const [{ prefix }, ...keys] = parsed.data;
  return keys.map((key) => ({ from: parseS3Uri(`${prefix}${key}`), path: key }));
}

/**
 * Where SageMaker puts an object of a prefix: relative to the prefix when that names a folder (with or without its last
 * slash), else under the object's own name from the folder that the prefix ends in.
 */
function pathBelow(prefix: string, key: string): string {
  const folder = prefix.endsWith('/') || prefix === '' ? prefix : `${prefix}/`;
  return key.startsWith(folder) ? key.slice(folder.length) : key.slice(prefix.lastIndexOf('/') + 1);
}
