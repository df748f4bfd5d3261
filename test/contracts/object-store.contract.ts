import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PermanentError } from '../../lambdas/domain/errors.ts';
import type { ObjectStore } from '../../lambdas/domain/ports/object-store.ts';
import { temporaryDirectory } from '../builders/temporary-directory.ts';

/** What every `ObjectStore` must do. @param make gives one, and the name of an empty bucket with versions */
export function objectStoreContract(
  name: string,
  make: () => Promise<{ store: ObjectStore; bucket: string }>,
): void {
  describe(`object store: ${name}`, () => {
    test('what was never written has no size, and reading it is a permanent error that names it', async () => {
      const { store, bucket } = await make();
      const uri = `s3://${bucket}/nothing/here.txt`;
      expect(await store.stat(uri)).toBeUndefined();
      await expect(store.read(uri)).rejects.toThrow(PermanentError);
      await expect(store.read(uri)).rejects.toThrow(`${uri} does not exist`);
      await expect(store.download(uri, join(temporaryDirectory(), 'x'))).rejects.toThrow(PermanentError);
    });

    test.each([
      ['text', 'grüße', 7],
      ['bytes', Uint8Array.from([0, 255, 128]), 3],
      ['nothing at all', new Uint8Array(), 0],
    ])('%s is read as it was written', async (_what, body, bytes) => {
      const { store, bucket } = await make();
      const uri = `s3://${bucket}/a folder/ä+b.txt`;
      await store.write(uri, body, 'text/plain');
      expect(Buffer.from(await store.read(uri))).toEqual(Buffer.from(body));
      expect(await store.stat(uri)).toEqual({ bytes, versionId: expect.any(String) });
    });

    test('an older version stays what it was, and a version that there is not is missing', async () => {
      const { store, bucket } = await make();
      const uri = `s3://${bucket}/changing.txt`;
      await store.write(uri, 'old', 'text/plain');
      const old = (await store.stat(uri))?.versionId ?? '';
      await store.write(uri, 'newer', 'text/plain');
      const newer = (await store.stat(uri))?.versionId ?? '';
      expect(old).not.toBe(newer);
      expect(Buffer.from(await store.read(uri, old)).toString()).toBe('old');
      expect(Buffer.from(await store.read(uri)).toString()).toBe('newer');
      expect(await store.stat(uri, old)).toEqual({ bytes: 3, versionId: old });
      const missing = old.replace(/.$/, (last) => (last === '9' ? '8' : '9'));
      expect(await store.stat(uri, missing)).toBeUndefined();
      await expect(store.read(uri, missing)).rejects.toThrow(`${uri} (version ${missing}) does not exist`);
    });

    test('a file goes up and comes down by streams, hashed on the way', async () => {
      const { store, bucket } = await make();
      const folder = temporaryDirectory();
      const body = Buffer.alloc(3_000_000, 'millrace');
      await writeFile(join(folder, 'up'), body);
      const uri = `s3://${bucket}/large.bin`;
      await store.upload(join(folder, 'up'), uri, 'application/octet-stream');
      const { versionId } = (await store.stat(uri)) ?? {};
      await store.write(uri, 'overwritten', 'text/plain');
      expect(await store.download(uri, join(folder, 'down'), versionId)).toEqual({
        sha256: createHash('sha256').update(body).digest('hex'),
        bytes: body.length,
      });
      expect((await readFile(join(folder, 'down'))).equals(body)).toBe(true);
    });
  });
}
