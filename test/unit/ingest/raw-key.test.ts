import { describe, expect, it } from 'vitest';
import { readRawKey } from '../../../lambdas/domain/ingest/raw-key.ts';

describe('readRawKey', () => {
  it.each([
    ['flowers/a.csv', 'flowers', 'csv', false],
    ['flowers/2026/May 1/a b.CSV.GZ', 'flowers', 'csv', true],
    ['flowers/a.csv.jsonl', 'flowers', 'jsonl', false],
    ['flowers/a.ndjson.gz', 'flowers', 'jsonl', true],
    ['flowers/a.parquet', 'flowers', 'parquet', false],
    ['/a.ndjson', 'a.ndjson', 'jsonl', false],
    ['a.csv', 'a.csv', 'csv', false],
  ])('reads %s', (key, project, kind, gzipped) => {
    expect(readRawKey(key)).toEqual({ project, format: { kind, gzipped } });
  });

  it.each(['flowers/a.xlsx', 'flowers/csv', 'flowers/a.parquet.gz', 'flowers/a.csv.zip'])(
    'knows no format for %s',
    (key) => {
      expect(readRawKey(key)).toEqual({ project: 'flowers', format: undefined });
    },
  );

  it('ignores folder markers', () => {
    expect(readRawKey('flowers/')).toBeUndefined();
    expect(readRawKey('/')).toBeUndefined();
  });
});
