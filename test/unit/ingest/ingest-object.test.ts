import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DuckDbUploadConverter } from '../../../lambdas/adapters/duckdb-upload-converter.ts';
import { dataAccepted } from '../../../lambdas/contracts/data-accepted.ts';
import { dataRejected } from '../../../lambdas/contracts/data-rejected.ts';
import { datasetManifest } from '../../../lambdas/contracts/dataset-manifest.ts';
import { contentRecord, datasetHead, objectRecord } from '../../../lambdas/contracts/ledger.ts';
import { quarantineReport } from '../../../lambdas/contracts/quarantine-report.ts';
import type { ProjectDefinition } from '../../../lambdas/contracts/project-definition.ts';
import { ConflictError, PermanentError } from '../../../lambdas/domain/errors.ts';
import { ingestObject } from '../../../lambdas/handlers/ingest-object/handler.ts';
import { flowerCsv, flowerProject, flowerRow, flowerRows } from '../../builders/flower-project.ts';
import { InMemoryObjectStore } from '../../builders/in-memory-object-store.ts';
import { InMemoryRecords } from '../../builders/in-memory-records.ts';
import { objectCreatedEvent } from '../../builders/object-created.ts';
import { temporaryDirectory } from '../../builders/temporary-directory.ts';

const now = '2026-11-21T10:00:00.000Z';

class Mill {
  readonly records = new InMemoryRecords();
  readonly objects = new InMemoryObjectStore();
  project: ProjectDefinition = flowerProject();

  /** Handles the event of an upload. */
  ingest(key: string, versionId?: string): Promise<void> {
    const { records, objects, project } = this;
    const handle = ingestObject({
      projects: { [project.name]: project },
      records,
      objects,
      converter: new DuckDbUploadConverter({ memoryLimitMiB: 128, threads: 2 }),
      curatedBucket: 'curated',
      now: () => now,
    });
    return handle(objectCreatedEvent(key, versionId));
  }

  async upload(key: string, body: string | Uint8Array): Promise<void> {
    await this.ingest(key, this.objects.put(`s3://raw/${key}`, body));
  }

  async objectRecord(key: string, versionId = 'v1') {
    const project = key.split('/')[0] ?? '';
    return objectRecord.parse(await this.records.read({ project, record: `object#${key}#${versionId}` }));
  }

  async head() {
    return datasetHead.parse(await this.records.read({ project: 'flowers', record: 'dataset' }));
  }

  async manifest() {
    return this.manifestAt((await this.head()).manifestUri);
  }

  async manifestAt(uri: string) {
    return datasetManifest.parse(await this.json(uri));
  }

  async report(uri: string | undefined) {
    return quarantineReport.parse(await this.json(uri ?? 's3://curated/no-report'));
  }

  async json(uri: string): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(await this.objects.read(uri)));
  }
}

const csvOf = (first: number, count: number) =>
  flowerCsv(Array.from({ length: count }, (_, index) => flowerRow(first + index)));

const sha256 = (body: string | Uint8Array) => createHash('sha256').update(body).digest('hex');

describe('an accepted upload', () => {
  it('is recorded, announced, and in the dataset, in one commit', async () => {
    const mill = new Mill();
    const commits: number[] = [];
    mill.records.beforeCommit = (writes) => void commits.push(writes.length);
    await mill.upload('flowers/May 1/über.csv', csvOf(1, 50));

    expect(commits).toEqual([3]);
    const raw = { bucket: 'raw', key: 'flowers/May 1/über.csv', versionId: 'v1' };
    const head = await mill.head();
    const { datasetId, manifestUri } = head;
    expect(head).toMatchObject({
      revision: 1,
      rows: 50,
      entries: 1,
      manifestUri: `s3://curated/flowers/datasets/${datasetId}.json`,
    });
    expect(await mill.objectRecord(raw.key)).toMatchObject({
      verdict: 'accepted',
      rows: 50,
      datasetId,
      sha256: sha256(csvOf(1, 50)),
    });
    expect(mill.records.announced).toEqual([
      {
        source: dataAccepted.source,
        detailType: dataAccepted.detailType,
        detail: {
          project: 'flowers',
          datasetId,
          manifestUri,
          rawObject: raw,
          rows: 50,
          datasetRows: 50,
          acceptedAt: now,
        },
      },
    ]);
  });

  it('has its parts where the manifest says, with the hashes that it says', async () => {
    const mill = new Mill();
    await mill.upload('flowers/a.csv', csvOf(1, 50));
    const { entries, schemaSha256 } = await mill.manifest();
    const parts = Object.entries(entries[0]?.parts ?? {});
    expect(parts.map(([split]) => split)).toEqual(['train', 'validation', 'test']);
    for (const [split, part] of parts) {
      expect(part.uri).toBe(
        `s3://curated/flowers/parts/${sha256(csvOf(1, 50))}/${schemaSha256.slice(0, 16)}/${split}.parquet`,
      );
      expect(sha256(await mill.objects.read(part.uri))).toBe(part.sha256);
    }
    expect(parts.reduce((sum, [, part]) => sum + part.rows, 0)).toBe(50);
  });

  it('comes behind those accepted before it', async () => {
    const mill = new Mill();
    await mill.upload('flowers/a.csv', csvOf(1, 50));
    const first = await mill.manifest();
    await mill.upload('flowers/b.csv', csvOf(51, 30));
    const second = await mill.manifest();
    expect(second.entries).toEqual([...first.entries, expect.objectContaining({ rows: 30 })]);
    expect(await mill.head()).toMatchObject({
      revision: 2,
      rows: 80,
      entries: 2,
      datasetId: second.datasetId,
    });
    expect(mill.records.announced.map(({ detail }) => dataAccepted.detail.parse(detail).datasetRows)).toEqual(
      [50, 80],
    );
  });

  it('has the present version where the event names none', async () => {
    const mill = new Mill();
    mill.objects.put('s3://raw/flowers/a.csv', csvOf(1, 10));
    mill.objects.put('s3://raw/flowers/a.csv', csvOf(1, 20));
    await mill.ingest('flowers/a.csv', '');
    expect(await mill.objectRecord('flowers/a.csv', 'v2')).toMatchObject({ rows: 20 });
  });

  it('counts once when its event comes twice, one after the other or at once', async () => {
    const mill = new Mill();
    await mill.upload('flowers/a.csv', csvOf(1, 50));
    await mill.ingest('flowers/a.csv', 'v1');
    mill.objects.put('s3://raw/flowers/b.csv', csvOf(51, 50));
    await Promise.all([mill.ingest('flowers/b.csv', 'v1'), mill.ingest('flowers/b.csv', 'v1')]);
    expect(await mill.head()).toMatchObject({ revision: 2, rows: 100 });
    expect(mill.records.announced).toHaveLength(2);
  });
});

describe('the same bytes again', () => {
  it('are recorded as a duplicate, and nothing is announced', async () => {
    const mill = new Mill();
    await mill.upload('flowers/a.csv', csvOf(1, 50));
    await mill.upload('flowers/again.csv', csvOf(1, 50));
    await mill.upload('flowers/a.csv', csvOf(1, 50));
    const { datasetId } = await mill.head();
    expect(await mill.objectRecord('flowers/again.csv')).toMatchObject({
      verdict: 'duplicate',
      datasetId,
      reasons: ["the same bytes were accepted as 'flowers/a.csv' (version v1)"],
    });
    expect(await mill.objectRecord('flowers/a.csv', 'v2')).toMatchObject({ verdict: 'duplicate' });
    expect(await mill.head()).toMatchObject({ revision: 1, rows: 50 });
    expect(mill.records.announced).toHaveLength(1);
  });

  it('are a duplicate also when both come at once', async () => {
    const mill = new Mill();
    for (const key of ['flowers/a.csv', 'flowers/b.csv']) mill.objects.put(`s3://raw/${key}`, csvOf(1, 50));
    await Promise.all([mill.ingest('flowers/a.csv', 'v1'), mill.ingest('flowers/b.csv', 'v1')]);
    const verdicts = [await mill.objectRecord('flowers/a.csv'), await mill.objectRecord('flowers/b.csv')];
    expect(verdicts.map(({ verdict }) => verdict).toSorted()).toEqual(['accepted', 'duplicate']);
    expect(await mill.head()).toMatchObject({ revision: 1, rows: 50 });
  });
});

describe('a dataset that changes meanwhile', () => {
  it('is read again, so that both uploads are in it', async () => {
    const mill = new Mill();
    await mill.upload('flowers/a.csv', csvOf(1, 50));
    mill.objects.put('s3://raw/flowers/b.csv', csvOf(101, 20));
    const mine = mill.ingest.bind(mill);
    let meanwhile: Promise<void> | undefined;
    mill.records.beforeCommit = async () => {
      meanwhile ??= mill.upload('flowers/c.csv', csvOf(201, 30));
      mill.records.beforeCommit = () => {};
      await meanwhile;
    };
    await mine('flowers/b.csv', 'v1');
    expect((await mill.manifest()).entries.map(({ raw }) => raw.key)).toEqual([
      'flowers/a.csv',
      'flowers/c.csv',
      'flowers/b.csv',
    ]);
    expect(await mill.head()).toMatchObject({ revision: 3, rows: 100 });
  });

  it('takes in many uploads at once', async () => {
    const mill = new Mill();
    const keys = Array.from({ length: 6 }, (_, index) => `flowers/${index}.csv`);
    keys.forEach((key, index) => mill.objects.put(`s3://raw/${key}`, csvOf(1 + index * 10, 10)));
    await Promise.all(keys.map((key) => mill.ingest(key, 'v1')));
    expect((await mill.manifest()).entries.map(({ raw }) => raw.key).toSorted()).toEqual(keys);
    expect(await mill.head()).toMatchObject({ revision: 6, rows: 60 });
  });

  it('gives up after a bounded number of tries, for another delivery', async () => {
    const mill = new Mill();
    await mill.upload('flowers/a.csv', csvOf(1, 50));
    const head = await mill.head();
    let revision = head.revision;
    mill.records.beforeCommit = () => void mill.records.seed({ ...head, revision: ++revision });
    await expect(mill.upload('flowers/b.csv', csvOf(101, 20))).rejects.toThrow(ConflictError);
    expect(await mill.records.list('flowers', 'object#flowers/b.csv', 9)).toEqual([]);
    mill.records.beforeCommit = () => {};
    await mill.ingest('flowers/b.csv', 'v1');
    expect(await mill.head()).toMatchObject({ rows: 70, entries: 2 });
  });
});

describe('a changed schema', () => {
  it('starts a new dataset, says so, and takes old bytes in again', async () => {
    const mill = new Mill();
    await mill.upload('flowers/a.csv', csvOf(1, 50));
    const before = await mill.manifest();
    mill.project = flowerProject({ split: { seed: 7 } });
    await mill.upload('flowers/b.csv', csvOf(101, 20));
    expect(await mill.head()).toMatchObject({ revision: 2, rows: 20, entries: 1 });
    const { reasons } = await mill.objectRecord('flowers/b.csv');
    expect(reasons).toEqual([expect.stringContaining(`changed since dataset ${before.datasetId}`)]);

    await mill.upload('flowers/a.csv', csvOf(1, 50));
    expect(await mill.objectRecord('flowers/a.csv', 'v2')).toMatchObject({
      verdict: 'accepted',
      reasons: [],
    });
    expect(await mill.head()).toMatchObject({ revision: 3, rows: 70, entries: 2 });
    const content = await mill.records.read({
      project: 'flowers',
      record: `content#${sha256(csvOf(1, 50))}`,
    });
    expect(contentRecord.parse(content).revision).toBe(2);
  });
});

describe('a rejected upload', () => {
  it('is reported by row, column and rule, recorded and announced; the raw object stays', async () => {
    const mill = new Mill();
    const rows = flowerRows(20).map((row, index) => (index === 6 ? { ...row, petal_length: '-1' } : row));
    await mill.upload('flowers/a.csv', flowerCsv(rows));
    const raw = { bucket: 'raw', key: 'flowers/a.csv', versionId: 'v1' };
    const record = await mill.objectRecord(raw.key);
    const reportUri = 's3://curated/quarantine/flowers/a.csv/v1.json';
    expect(record).toMatchObject({ verdict: 'rejected', reportUri, sha256: sha256(flowerCsv(rows)) });
    expect(await mill.report(reportUri)).toEqual({
      schemaVersion: 1,
      project: 'flowers',
      rawObject: raw,
      rawUri: 's3://raw/flowers/a.csv',
      bytes: flowerCsv(rows).length,
      rejectedAt: now,
      violations: [
        expect.objectContaining({
          rule: 'minimum',
          column: 'petal_length',
          rows: [7],
          count: 1,
          example: '-1',
        }),
      ],
    });
    expect(mill.records.announced).toEqual([
      {
        source: dataRejected.source,
        detailType: dataRejected.detailType,
        detail: { project: 'flowers', rawObject: raw, reportUri, reasons: record.reasons, rejectedAt: now },
      },
    ]);
    expect(record.reasons).toEqual([expect.stringContaining("'petal_length', row 7")]);
    expect(await mill.objects.stat('s3://raw/flowers/a.csv', 'v1')).toBeDefined();
    expect(mill.records.all()).toHaveLength(1);
  });

  it.each([
    ['of an unknown project', 'trees/a.csv', 'x', 'project', /no project 'trees'.*flowers\//],
    [
      'of a project named like a property of every object',
      'constructor/a.csv',
      'x',
      'project',
      /'constructor'/,
    ],
    ['without a folder', 'a.csv', 'x', 'project', /no project 'a.csv'/],
    ['in an unknown format', 'flowers/a.xlsx', 'x', 'format', /\.csv, \.csv\.gz/],
    ['without bytes', 'flowers/a.csv', '', 'size', /empty \(0 bytes\)/],
    ['with a header only', 'flowers/a.csv', flowerCsv([]), 'rows', /0 data rows/],
    ['that is no Parquet', 'flowers/a.parquet', 'x'.repeat(100), 'readable', /cannot be read/],
  ])('%s', async (_name, key, body, rule, message) => {
    const mill = new Mill();
    await mill.upload(key, body);
    const { verdict, reportUri } = await mill.objectRecord(key);
    expect(verdict).toBe('rejected');
    const { violations } = await mill.report(reportUri);
    expect(violations).toEqual([expect.objectContaining({ rule, message: expect.stringMatching(message) })]);
    expect(mill.records.announced.map(({ detailType }) => detailType)).toEqual([dataRejected.detailType]);
  });

  it('is not downloaded when it is too large', async () => {
    const mill = new Mill();
    mill.project = flowerProject({ ingest: { maximumBytes: 1000 } });
    mill.objects.download = () => Promise.reject(new Error('downloaded'));
    await mill.upload('flowers/a.csv', csvOf(1, 100));
    expect((await mill.objectRecord('flowers/a.csv')).reasons).toEqual([
      expect.stringMatching(/at most 1000 are allowed/),
    ]);
  });

  it('may have been deleted before it was found, or before it was read', async () => {
    const mill = new Mill();
    await mill.ingest('flowers/a.csv', 'v1');
    await mill.ingest('flowers/b.csv');
    mill.objects.put('s3://raw/flowers/c.csv', csvOf(1, 10));
    const download = mill.objects.download.bind(mill.objects);
    mill.objects.download = (uri, path, versionId) => {
      mill.objects.remove(uri);
      return download(uri, path, versionId);
    };
    await mill.ingest('flowers/c.csv', 'v1');
    for (const [key, version] of [
      ['a', 'v1'],
      ['b', 'unknown'],
      ['c', 'v1'],
    ] as const) {
      const { verdict, reasons } = await mill.objectRecord(`flowers/${key}.csv`, version);
      expect({ verdict, reasons }).toEqual({
        verdict: 'rejected',
        reasons: [expect.stringContaining('deleted')],
      });
    }
  });

  it('is announced once when its event comes twice', async () => {
    const mill = new Mill();
    mill.objects.put('s3://raw/flowers/a.csv', 'x');
    await Promise.all([mill.ingest('flowers/a.csv', 'v1'), mill.ingest('flowers/a.csv', 'v1')]);
    await mill.ingest('flowers/a.csv', 'v1');
    expect(mill.records.announced).toHaveLength(1);
  });
});

describe('what is no upload, or cannot be one', () => {
  it('ignores folder markers', async () => {
    const mill = new Mill();
    await mill.upload('flowers/', '');
    expect(mill.records.all()).toEqual([]);
  });

  it('buries keys that no record can name, and buckets without versions', async () => {
    const mill = new Mill();
    await expect(mill.upload(`flowers/${'x'.repeat(900)}.csv`, 'x')).rejects.toThrow(PermanentError);
    mill.objects.stat = () => Promise.resolve({ bytes: 1, versionId: undefined });
    await expect(mill.ingest('flowers/a.csv')).rejects.toThrow(/turn on versioning for bucket 'raw'/);
  });
});

describe('a failure of the world', () => {
  it.each(['download', 'upload', 'write'] as const)(
    'in %s leaves no record, and another try succeeds',
    async (method) => {
      const mill = new Mill();
      const working = mill.objects[method].bind(mill.objects);
      Object.assign(mill.objects, { [method]: () => Promise.reject(new Error('S3 is down')) });
      await expect(mill.upload('flowers/a.csv', csvOf(1, 50))).rejects.toThrow('S3 is down');
      expect(mill.records.all()).toEqual([]);
      Object.assign(mill.objects, { [method]: working });
      await mill.ingest('flowers/a.csv', 'v1');
      expect(await mill.head()).toMatchObject({ revision: 1, rows: 50 });
    },
  );

  it('leaves nothing on the disk', async () => {
    const directory = temporaryDirectory();
    vi.stubEnv('TMPDIR', directory);
    onTestFinished(() => void vi.unstubAllEnvs());
    const mill = new Mill();
    const seen: string[][] = [];
    mill.objects.upload = () => {
      seen.push(readdirSync(directory));
      return Promise.reject(new Error('S3 is down'));
    };
    await expect(mill.upload('flowers/a.csv', csvOf(1, 50))).rejects.toThrow('S3 is down');
    await mill.upload('flowers/b.csv', 'x');
    expect(seen[0]).toHaveLength(1);
    expect(readdirSync(directory)).toEqual([]);
  });
});
