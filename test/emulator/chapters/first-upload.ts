import { createHash } from 'node:crypto';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { dataAccepted } from '../../../lambdas/contracts/data-accepted.ts';
import { datasetManifest, splits } from '../../../lambdas/contracts/dataset-manifest.ts';
import type { RawObject } from '../../../lambdas/contracts/primitives.ts';
import { objectCreated } from '../../../lambdas/contracts/s3-events.ts';
import { readObject } from '../support/objects.ts';
import { project, verdictOn, type World } from '../support/world.ts';

const rows = 569;

export function firstUpload(world: World): void {
  const { millrace, events, consumers, files } = world;
  let file: string;
  let first: RawObject;

  test('real rows are accepted, recorded and announced', async () => {
    file = await files.real('real.csv');
    first = await millrace.upload(project, file);
    const record = await verdictOn(world, first);
    expect(record).toMatchObject({ verdict: 'accepted', rows, raw: first });
    const head = await millrace.datasetHead(project);
    expect(head).toMatchObject({ revision: 1, datasetId: record.datasetId, rows, entries: 1 });
    const { detail } = await events.next(
      dataAccepted,
      ({ rawObject }) => rawObject.versionId === first.versionId,
    );
    expect(detail).toMatchObject({
      project,
      datasetId: record.datasetId,
      manifestUri: head?.manifestUri,
      rawObject: first,
      rows,
      datasetRows: rows,
    });
  });

  test('the manifest names the raw version by the hash of its bytes, and Parquet parts that exist', async () => {
    const head = await millrace.datasetHead(project);
    const manifest = datasetManifest.parse(
      JSON.parse((await readObject(world, head?.manifestUri ?? 'none')).toString('utf8')),
    );
    expect(manifest).toMatchObject({ project, datasetId: head?.datasetId, rows });
    expect(manifest.entries).toHaveLength(1);
    const [entry] = manifest.entries;
    expect(entry?.raw).toEqual(first);

    const { Body } = await millrace.clients.s3.send(
      new GetObjectCommand({ Bucket: first.bucket, Key: first.key, VersionId: first.versionId }),
    );
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    expect(entry?.sha256).toBe(sha256(bytes));
    for (const split of splits) {
      const part = entry?.parts[split];
      const content = await readObject(world, part?.uri ?? 'none');
      expect(sha256(content)).toBe(part?.sha256);
      // Parquet begins and ends with its magic number.
      expect([content.subarray(0, 4).toString(), content.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
      expect(part?.rows).toBeGreaterThan(0);
    }
    expect(splits.reduce((sum, split) => sum + (entry?.parts[split].rows ?? 0), 0)).toBe(rows);
  });

  test('the same bytes under another name are a duplicate: one entry, one announcement', async () => {
    const again = await millrace.upload(project, file, { name: 'again/real-copy.csv' });
    const record = await verdictOn(world, again);
    expect(record.verdict).toBe('duplicate');
    expect(record.reasons).toEqual([
      `the same bytes were accepted as '${first.key}' (version ${first.versionId})`,
    ]);
    expect(await millrace.datasetHead(project)).toMatchObject({ revision: 1, rows, entries: 1 });
  });

  test('the same event again, and an older one after a newer, change nothing', async () => {
    const newer = await millrace.upload(project, file);
    expect((await verdictOn(world, newer)).verdict).toBe('duplicate');
    const before = await millrace.objectRecord(project, first.key, first.versionId);
    const arrivals = await events.of(objectCreated, ({ object }) => object.key === first.key);
    expect(arrivals).toHaveLength(2);
    const [arrival] = arrivals;
    // S3 names the version, which an emulator may leave out.
    const bodies = [first, newer].map(({ versionId }) => {
      const envelope = looseEnvelope.parse(JSON.parse(arrival?.body ?? ''));
      envelope.detail.object['version-id'] = versionId;
      return JSON.stringify(envelope);
    });
    await consumers.deliver('ingest-object', ...bodies.toReversed(), ...bodies);
    expect(await millrace.objectRecord(project, first.key, first.versionId)).toEqual(before);
    expect(await millrace.datasetHead(project)).toMatchObject({ revision: 1, rows, entries: 1 });
    expect(await events.of(dataAccepted)).toHaveLength(1);
    expect(await consumers.deadLetters('ingest-object')).toBe(0);
  });
}

const looseEnvelope = z.looseObject({
  detail: z.looseObject({ object: z.record(z.string(), z.unknown()) }),
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
