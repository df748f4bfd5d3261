import type { RawObject } from '../../contracts/primitives.ts';
import type { ObjectCreated } from '../../contracts/s3-events.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { ObjectStore } from '../../domain/ports/object-store.ts';
import { s3Uri } from '../../domain/s3-uri.ts';

/** The version of an object that is gone, and whose event did not name it. */
export const unknownVersion = 'unknown';

/** Room for `object#` and the version beside the key in a sort key of 1024 bytes, and for a report's address. */
const keyBytesAtMost = 850;

/** One version of one raw object; `bytes` is undefined when it does not exist any more. */
export interface FoundObject {
  readonly raw: RawObject;
  readonly uri: string;
  readonly bytes: number | undefined;
}

/**
 * Finds out which version an event speaks of, and how large it is.
 * @throws PermanentError for a key too long to be recorded, and where the bucket keeps no versions
 */
export async function findRawObject(
  objects: ObjectStore,
  { bucket, object }: ObjectCreated,
): Promise<FoundObject> {
  const { key } = object;
  if (Buffer.byteLength(key) > keyBytesAtMost) {
    throw new PermanentError(
      `the key '${key.slice(0, 80)}…' has ${Buffer.byteLength(key)} bytes, expected at most ${keyBytesAtMost}: upload it under a shorter name`,
    );
  }
  const named = object['version-id'] || undefined;
  const uri = s3Uri(bucket.name, key);
  const found = await objects.stat(uri, named);
  const versionId = named ?? (found ? found.versionId : unknownVersion);
  if (!versionId) {
    throw new PermanentError(
      `${uri} has no version: turn on versioning for bucket '${bucket.name}', raw data must not change`,
    );
  }
  return { raw: { bucket: bucket.name, key, versionId }, uri, bytes: found?.bytes };
}
