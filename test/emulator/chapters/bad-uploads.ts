import { readFile } from 'node:fs/promises';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { dataAccepted } from '../../../lambdas/contracts/data-accepted.ts';
import { dataRejected } from '../../../lambdas/contracts/data-rejected.ts';
import type { RawObject } from '../../../lambdas/contracts/primitives.ts';
import type { RuleViolation } from '../../../lambdas/contracts/quarantine-report.ts';
import { project, verdictOn, type World } from '../support/world.ts';

interface BadUpload {
  readonly what: string;
  readonly key: string;
  /** Made from good CSV lines (header first) and a good Parquet file. */
  readonly body: (csv: readonly string[], parquet: Buffer) => string | Uint8Array;
  /** What the report must say of it, at least. */
  readonly says: Partial<RuleViolation> & { readonly message: unknown };
}

const csvOf = (...lines: readonly (string | undefined)[]): string => `${lines.join('\n')}\n`;

const uploads: readonly BadUpload[] = [
  {
    what: 'an empty file',
    key: `${project}/empty.csv`,
    body: () => '',
    says: { rule: 'size', message: expect.stringContaining('the file is empty (0 bytes)') },
  },
  {
    what: 'a header without rows',
    key: `${project}/header-only.csv`,
    body: ([header]) => csvOf(header),
    says: { rule: 'rows', message: expect.stringContaining('the file has 0 data rows') },
  },
  {
    what: 'CSV with a row cut short',
    key: `${project}/ragged.csv`,
    body: ([header, first, second]) => csvOf(header, first, second?.split(',').slice(0, 7).join(',')),
    says: { rule: 'readable', rows: [2], message: expect.stringContaining('has 7 fields, expected 31') },
  },
  {
    what: 'a Parquet file cut in half',
    key: `${project}/truncated.parquet`,
    body: (_csv, parquet) => parquet.subarray(0, Math.floor(parquet.length / 2)),
    says: { rule: 'readable', message: expect.any(String) },
  },
  {
    what: 'a text where a number belongs',
    key: `${project}/wrong-type.csv`,
    body: ([header, first, second = '']) => csvOf(header, first, second.replace(/^[^,]*/, 'wide')),
    says: {
      rule: 'type',
      column: 'mean_radius',
      rows: [2],
      example: 'wide',
      message: expect.stringContaining('expected a finite decimal number'),
    },
  },
  {
    what: 'a negative length',
    key: `${project}/negative.csv`,
    body: ([header, first = '']) => csvOf(header, first.replace(/^[^,]*/, '-3.5')),
    says: { rule: 'minimum', column: 'mean_radius', rows: [1], example: '-3.5', message: expect.any(String) },
  },
  {
    what: 'bytes that are not UTF-8',
    key: `${project}/latin-1.csv`,
    body: ([header, first = '']) =>
      Buffer.concat([Buffer.from(csvOf(header, first)), Buffer.from([0x62, 0xf6, 0x73, 0x65, 0x0a])]),
    says: { rule: 'utf8', message: expect.stringContaining('UTF-8') },
  },
  {
    what: 'an unknown project',
    key: 'no-such-project/real.csv',
    body: (csv) => csvOf(...csv),
    says: { rule: 'project', message: expect.stringContaining("there is no project 'no-such-project'") },
  },
  {
    what: 'a format that nobody reads',
    key: `${project}/real.xlsx`,
    body: (csv) => csvOf(...csv),
    says: { rule: 'format', message: expect.stringContaining('expected .csv') },
  },
];

export function badUploads(world: World): void {
  const { millrace, events, files } = world;
  const bucket = millrace.outputs.data.RawBucketName;
  let csv: readonly string[];
  let parquet: Buffer;

  async function put(key: string, Body: string | Uint8Array): Promise<RawObject> {
    const { VersionId } = await millrace.clients.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(Body) }),
    );
    if (VersionId === undefined) throw new Error(`${bucket} keeps no versions`);
    return { bucket, key, versionId: VersionId };
  }

  test('files to spoil', async () => {
    csv = (await readFile(await files.labelled('good.csv', 'usual', 5, 3), 'utf8')).trim().split(/\r?\n/);
    parquet = await readFile(await files.labelled('good.parquet', 'usual', 500, 3));
    expect(csv).toHaveLength(6);
  });

  test.each(uploads)(
    '$what goes to quarantine with a report, and stays in the raw bucket',
    async (upload) => {
      const body = upload.body(csv, parquet);
      const raw = await put(upload.key, body);
      const record = await verdictOn(world, raw);
      expect(record.verdict).toBe('rejected');
      expect(record.raw).toEqual(raw);

      const report = await millrace.quarantineReport(record.reportUri ?? 'none');
      expect(report).toMatchObject({ rawObject: raw, bytes: Buffer.byteLength(body) });
      expect(report.violations).toContainEqual(expect.objectContaining(upload.says));
      expect(record.reasons).toEqual(report.violations.map(({ message }) => message));

      const { detail } = await events.next(dataRejected, ({ rawObject }) => rawObject.key === raw.key);
      expect(detail).toMatchObject({ rawObject: raw, reportUri: record.reportUri, reasons: record.reasons });

      const kept = await millrace.clients.s3.send(
        new HeadObjectCommand({ Bucket: bucket, Key: raw.key, VersionId: raw.versionId }),
      );
      expect(kept.ContentLength).toBe(Buffer.byteLength(body));
    },
  );

  test('nothing else changed: no dataset, no decision, no event of acceptance', async () => {
    expect(await millrace.datasetHead(project)).toBeUndefined();
    expect((await millrace.decisions(project)).filter(({ cause }) => cause === 'new-data')).toEqual([]);
    expect(await events.of(dataAccepted)).toEqual([]);
    expect(await world.consumers.deadLetters('ingest-object')).toBe(0);
  });
}
