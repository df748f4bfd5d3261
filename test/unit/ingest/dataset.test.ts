import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DatasetEntry } from '../../../lambdas/contracts/dataset-manifest.ts';
import { extendDataset, schemaSha256 } from '../../../lambdas/domain/ingest/dataset.ts';
import { flowerProject } from '../../builders/flower-project.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const schema = hash('schema');

function entry(name: string, rows: number): DatasetEntry {
  const part = { uri: `s3://curated/${name}`, rows, sha256: hash(name) };
  return {
    raw: { bucket: 'raw', key: name, versionId: 'v1' },
    sha256: hash(`bytes of ${name}`),
    rows,
    parts: { train: part, validation: part, test: part },
  };
}

const add = (present: Parameters<typeof extendDataset>[0], one: DatasetEntry, schemaHash = schema) =>
  extendDataset(present, { project: 'flowers', schemaSha256: schemaHash, entry: one }, hash);

describe('extendDataset', () => {
  it('adds an upload behind those that are there', () => {
    const { manifest } = add(add(undefined, entry('a', 3)).manifest, entry('b', 4));
    expect(manifest.entries.map(({ raw }) => raw.key)).toEqual(['a', 'b']);
    expect(manifest.rows).toBe(7);
  });

  it('names a dataset by project, schema and hashes in order', () => {
    const { manifest } = add(add(undefined, entry('a', 3)).manifest, entry('b', 4));
    expect(manifest.datasetId).toBe(
      hash(
        `{"entries":["${hash('bytes of a')}","${hash('bytes of b')}"],"project":"flowers","schemaSha256":"${schema}"}`,
      ),
    );
    const other = add(add(undefined, entry('b', 4)).manifest, entry('a', 3)).manifest;
    expect(other.datasetId).not.toBe(manifest.datasetId);
  });

  it('starts anew after a change of the schema, and says so', () => {
    const before = add(undefined, entry('a', 3)).manifest;
    const { manifest, reasons } = add(before, entry('b', 4), hash('another schema'));
    expect(manifest.entries.map(({ raw }) => raw.key)).toEqual(['b']);
    expect(reasons).toEqual([
      expect.stringContaining(`changed since dataset ${before.datasetId} (1 uploads, 3 rows)`),
    ]);
  });
});

describe('schemaSha256', () => {
  const base = schemaSha256(flowerProject(), hash);

  it('does not depend on what the parts do not depend on', () => {
    expect(
      schemaSha256(flowerProject({ description: 'Other words.', ingest: { minimumRows: 9 } }), hash),
    ).toBe(base);
  });

  it('changes with the split, a rule, and the order of the columns', () => {
    const { schema: columns } = flowerProject();
    const reversed = Object.fromEntries(Object.entries(columns.features).reverse());
    const narrower = { ...columns.features, petal_length: { type: 'number' as const, maximum: 9 } };
    const others = [
      flowerProject({ split: { seed: 1 } }),
      flowerProject({ schema: { ...columns, features: reversed } }),
      flowerProject({ schema: { ...columns, features: narrower } }),
    ].map((project) => schemaSha256(project, hash));
    expect(new Set([base, ...others]).size).toBe(4);
  });
});
