import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { World } from './world.ts';

/** Reads an object whole. @param uri `s3://bucket/key` */
export async function readObject({ millrace }: World, uri: string): Promise<Buffer> {
  const { Body } = await millrace.clients.s3.send(new GetObjectCommand(placeOf(uri)));
  if (!Body) throw new Error(`${uri} has no body`);
  return Buffer.from(await Body.transformToByteArray());
}

/** @param uri `s3://bucket/key` */
export async function writeObject(
  { millrace }: World,
  uri: string,
  body: string | Uint8Array,
): Promise<void> {
  await millrace.clients.s3.send(new PutObjectCommand({ ...placeOf(uri), Body: body }));
}

/** Size of an object in bytes. @throws when there is none */
export async function sizeOf({ millrace }: World, uri: string): Promise<number> {
  const { ContentLength } = await millrace.clients.s3.send(new HeadObjectCommand(placeOf(uri)));
  return ContentLength ?? 0;
}

function placeOf(uri: string): { readonly Bucket: string; readonly Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  if (Bucket === undefined || Key === undefined) throw new Error(`'${uri}' is no S3 address`);
  return { Bucket, Key };
}
