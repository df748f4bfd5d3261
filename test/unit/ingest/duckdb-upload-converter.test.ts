import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readColumns } from '../../../lambdas/adapters/duckdb-parquet-reader.ts';
import { DuckDbUploadConverter } from '../../../lambdas/adapters/duckdb-upload-converter.ts';
import { splits } from '../../../lambdas/contracts/dataset-manifest.ts';
import type { ProjectDefinition } from '../../../lambdas/contracts/project-definition.ts';
import type { UploadFormat } from '../../../lambdas/domain/ingest/raw-key.ts';
import {
  flowerColumns,
  flowerCsv,
  flowerJsonLines,
  flowerProject,
  flowerRow,
  flowerRows,
} from '../../builders/flower-project.ts';
import { flowersSql, parquetOf } from '../../builders/parquet-files.ts';
import { temporaryDirectory } from '../../builders/temporary-directory.ts';

const csv: UploadFormat = { kind: 'csv', gzipped: false };
const csvGz: UploadFormat = { kind: 'csv', gzipped: true };
const jsonl: UploadFormat = { kind: 'jsonl', gzipped: false };
const parquet: UploadFormat = { kind: 'parquet', gzipped: false };

async function convert(
  bytes: string | Uint8Array,
  format: UploadFormat,
  project: ProjectDefinition = flowerProject(),
) {
  const directory = temporaryDirectory();
  const path = join(directory, 'upload');
  writeFileSync(path, bytes);
  mkdirSync(join(directory, 'converted'));
  const converter = new DuckDbUploadConverter({ memoryLimitMiB: 128, threads: 2 });
  return converter.convert(path, format, project, join(directory, 'converted'));
}

async function accepted(...upload: Parameters<typeof convert>) {
  const conversion = await convert(...upload);
  if ('parts' in conversion) return conversion;
  throw new Error(`expected acceptance, got ${JSON.stringify(conversion.violations)}`);
}

async function hashesOf(...upload: Parameters<typeof convert>) {
  const { parts } = await accepted(...upload);
  return splits.map((split) => parts[split].sha256);
}

const sample = flowerRows(300);
const text = flowerCsv(sample);

describe('accepted uploads', () => {
  it('become canonical columns in the schema’s order, all rows in their order', async () => {
    const { rows, parts } = await accepted(text, csv);
    expect(rows).toBe(300);
    const read = await Promise.all(splits.map((split) => readColumns(parts[split].path, [...flowerColumns])));
    for (const part of read) {
      const lengths = part['petal_length'] ?? [];
      const widths = (part['petal_width'] ?? []).map((width) => Math.round(Number(width) * 7));
      expect(widths).toEqual(widths.toSorted((a, b) => a - b));
      expect(lengths).toEqual(widths.map((number) => (number % 100) / 10));
      expect(part['species']).toEqual(widths.map((number) => flowerRow(number).species));
      expect(new Set(part['note'])).toEqual(new Set([null]));
    }
    expect(read.reduce((sum, part) => sum + (part['species']?.length ?? 0), 0)).toBe(300);
  });

  it.each([
    ['with CRLF', flowerCsv(sample, '\r\n'), csv],
    ['with a byte order mark', `\ufeff${text}`, csv],
    ['gzipped', gzipSync(text), csvGz],
    ['without a last line end', text.trimEnd(), csv],
    ['with more columns', text.replaceAll('\n', ',more\n'), csv],
    ['with every field quoted', text.replaceAll(/[^,\n]+/g, '"$&"'), csv],
    ['as JSON lines', flowerJsonLines(sample), jsonl],
    ['as JSON lines with a byte order mark', `\ufeff${flowerJsonLines(sample)}`, jsonl],
    ['as gzipped JSON lines', gzipSync(flowerJsonLines(sample)), { kind: 'jsonl', gzipped: true } as const],
    [
      'as gzipped JSON lines with a byte order mark',
      gzipSync(`\ufeff${flowerJsonLines(sample)}`),
      { kind: 'jsonl', gzipped: true } as const,
    ],
  ])('give the same bytes %s', async (_name, bytes, format) => {
    expect(await hashesOf(bytes, format)).toEqual(await hashesOf(text, csv));
  });

  it('give the same bytes as Parquet, whatever the order of its columns', async () => {
    expect(await hashesOf(await parquetOf(flowersSql(300)), parquet)).toEqual(await hashesOf(text, csv));
  });

  it('may have commas, quotes and line breaks inside quotes', async () => {
    const odd = flowerRow(1, { colour: 'violet, dark', note: 'a "big"\r\none\n' });
    const { parts } = await accepted(flowerCsv([odd, odd, ...sample]), csv);
    const paths = splits.map((split) => parts[split].path);
    const { note, colour } = await readColumns(paths, ['note', 'colour']);
    expect(note?.filter((value) => value === odd.note)).toHaveLength(2);
    expect(colour?.filter((value) => value === odd.colour)).toHaveLength(2);
  });

  it('may leave a part empty', async () => {
    const { parts } = await accepted(flowerCsv([flowerRow(1)]), csv);
    expect(splits.map((split) => parts[split].rows).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
    for (const split of splits) {
      const { species } = await readColumns(parts[split].path, ['species']);
      expect(species).toHaveLength(parts[split].rows);
    }
  });

  it('keep texts from Parquet that look like numbers, and numbers of any width', async () => {
    const sql = flowersSql(20)
      .replace('CAST(NULL AS VARCHAR) AS note', "'007' AS note")
      .replace('i / 7 AS petal_width', 'CAST(i AS DECIMAL(9, 2)) AS petal_width');
    const { parts } = await accepted(await parquetOf(sql), parquet);
    const read = await readColumns(
      splits.map((split) => parts[split].path),
      ['note', 'petal_width'],
    );
    expect(new Set(read['note'])).toEqual(new Set(['007']));
    expect(read['petal_width']?.map(Number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });
});

describe('broken values', () => {
  const broken = (number: number, overrides: Parameters<typeof flowerRow>[1]) =>
    sample.map((row, index) => (index + 1 === number ? { ...row, ...overrides } : row));

  it.each([
    ['a word for a number', { petal_length: 'long' }, 'type', 'petal_length', 'long'],
    ['NaN', { petal_length: 'NaN' }, 'type', 'petal_length', 'NaN'],
    ['infinity', { petal_width: '-inf' }, 'type', 'petal_width', '-inf'],
    ['a number too large for a double', { petal_width: '1e999' }, 'type', 'petal_width', '1e999'],
    ['digits parted by _', { petal_width: '1_000' }, 'type', 'petal_width', '1_000'],
    ['a number below', { petal_length: '-0.5' }, 'minimum', 'petal_length', '-0.5'],
    ['a number above', { petal_length: '10.5' }, 'maximum', 'petal_length', '10.5'],
    ['an unknown category', { colour: 'Blue' }, 'category', 'colour', 'Blue'],
    ['an unknown class', { species: 'rose' }, 'category', 'species', 'rose'],
    ['a missing number', { petal_length: '' }, 'not-null', 'petal_length', undefined],
    ['a missing class', { species: '' }, 'not-null', 'species', undefined],
  ])('%s is found in its row', async (_name, overrides, rule, column, example) => {
    const { violations } = await convert(flowerCsv(broken(217, overrides)), csv);
    expect(violations).toEqual([expect.objectContaining({ rule, column, rows: [217], count: 1 })]);
    expect(violations[0]?.example).toBe(example);
    expect(violations[0]?.message).toContain(`column '${column}', row 217`);
  });

  it('are all counted, and the first ten rows named', async () => {
    const rows = sample.map((row, index) =>
      index % 2 === 0 ? { ...row, petal_length: '99', colour: '' } : row,
    );
    const { violations } = await convert(flowerCsv(rows), csv);
    const places = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
    expect(violations).toEqual([
      expect.objectContaining({
        rule: 'maximum',
        column: 'petal_length',
        count: 150,
        rows: places,
        example: '99',
      }),
      expect.objectContaining({ rule: 'not-null', column: 'colour', count: 150, rows: places }),
    ]);
  });

  it('are found in JSON lines and in Parquet alike', async () => {
    const lines = flowerJsonLines(broken(5, { colour: 'red' })).replace(
      '"petal_length":0.7',
      '"petal_length":[0.7]',
    );
    expect((await convert(lines, jsonl)).violations).toEqual([
      expect.objectContaining({ rule: 'type', column: 'petal_length', rows: [7], example: '[0.7]' }),
      expect.objectContaining({ rule: 'category', column: 'colour', rows: [5], example: 'red' }),
    ]);
    const nested = flowerJsonLines(sample).replace('"colour":"white"', '"colour":{"a":1}');
    expect((await convert(nested, jsonl)).violations).toEqual([
      expect.objectContaining({ rule: 'type', column: 'colour', rows: [1], example: '{"a":1}' }),
    ]);
    const sql = flowersSql(20).replace(
      'i / 7 AS petal_width',
      "CASE WHEN i = 4 THEN 'nan'::DOUBLE ELSE i END AS petal_width",
    );
    expect((await convert(await parquetOf(sql), parquet)).violations).toEqual([
      expect.objectContaining({ rule: 'type', column: 'petal_width', rows: [4], example: 'nan' }),
    ]);
  });

  it('in a Parquet column of the wrong kind are refused at once', async () => {
    const sql = flowersSql(5)
      .replace('i / 7 AS petal_width', "DATE '2026-01-01' AS petal_width")
      .replace('CAST(NULL AS VARCHAR) AS note', '[i] AS note');
    expect((await convert(await parquetOf(sql), parquet)).violations).toEqual([
      expect.objectContaining({
        rule: 'type',
        column: 'petal_width',
        message: expect.stringContaining('DATE'),
      }),
      expect.objectContaining({ rule: 'type', column: 'note', message: expect.stringContaining('BIGINT[]') }),
    ]);
  });
});

describe('broken files', () => {
  it.each([
    [
      'a missing column',
      text.replace('colour', 'Colour'),
      csv,
      'columns',
      /'colour' is missing.*did you mean 'Colour'/,
    ],
    ['a column twice', text.replace('note', 'colour'), csv, 'columns', /'colour' is there 2 times/],
    ['another delimiter', text.replaceAll(',', ';'), csv, 'columns', /'petal_length' is missing/],
    ['a header only', flowerCsv([]), csv, 'rows', /0 data rows, expected at least 1/],
    ['empty lines only', '\n\n', csv, 'readable', /./],
    ['a row with too few fields', `${text}1,2\n`, csv, 'readable', /row 301 .*has 2 fields, expected 5/],
    ['an open quote', `${text}1,2,"blue`, csv, 'readable', /ends inside a quoted field/],
    ['truncated gzip', gzipSync(text).subarray(0, 900), csvGz, 'readable', /not whole gzip/],
    ['no gzip at all', text, csvGz, 'readable', /not whole gzip/],
    ['gzip without its ending', gzipSync(text), csv, 'utf8', /byte 0x8b at byte offset 1 .*packed file/],
    [
      'broken JSON',
      `${flowerJsonLines(sample)}{"petal_length":1,,}\n{"a`,
      jsonl,
      'readable',
      /2 rows, first 301, 302/,
    ],
    [
      'JSON that is no object',
      `[1,2]\n${flowerJsonLines(sample)}`,
      jsonl,
      'readable',
      /row 1 is no JSON object/,
    ],
    ['one JSON array', '[\n{"petal_length":1}\n]', jsonl, 'readable', /no JSON object/],
    [
      'JSON with a key twice',
      '{"colour":"blue","colour":"white"}\n',
      jsonl,
      'readable',
      /duplicate key "colour"/,
    ],
    [
      'JSON without a key',
      flowerJsonLines(sample).replaceAll('species', 'kind'),
      jsonl,
      'columns',
      /no row has .*'species'/,
    ],
    ['a text that calls itself Parquet', 'hello, world', parquet, 'readable', /DuckDB: .*No magic bytes/],
  ])('%s', async (_name, bytes, format, rule, message) => {
    const { violations } = await convert(bytes, format);
    expect(violations[0]).toMatchObject({ rule });
    expect(violations[0]?.message).toMatch(message);
    expect(violations[0]?.message).not.toContain('millrace-test-');
  });

  it('truncated Parquet', async () => {
    const whole = await parquetOf(flowersSql(500));
    const { violations } = await convert(whole.subarray(0, whole.length / 2), parquet);
    expect(violations).toEqual([
      expect.objectContaining({ rule: 'readable', message: expect.stringMatching(/magic bytes/) }),
    ]);
  });

  it('Parquet with a missing column', async () => {
    const { violations } = await convert(await parquetOf('SELECT 1 AS petal_length'), parquet);
    expect(violations.map(({ column }) => column)).toEqual(['petal_width', 'colour', 'note', 'species']);
  });

  it.each([
    ['CSV', csv, (bytes: Buffer) => bytes],
    ['gzipped CSV', csvGz, (bytes: Buffer) => gzipSync(bytes)],
  ])('%s in Latin-1, by row, column, line and offset', async (_name, format, pack) => {
    const latin = Buffer.from(
      flowerCsv([flowerRow(1, { note: 'x\ny' }), flowerRow(2, { note: 'Blüte' })]),
      'latin1',
    );
    const { violations } = await convert(pack(latin), format);
    expect(violations).toEqual([expect.objectContaining({ rule: 'utf8', column: 'note', rows: [2] })]);
    expect(violations[0]?.message).toContain(
      `byte 0xfc at byte offset ${latin.indexOf(0xfc)} (line 4, column 'note')`,
    );
  });

  it('JSON lines in Latin-1, by row', async () => {
    const latin = Buffer.from(flowerJsonLines([flowerRow(1), flowerRow(2, { note: 'Blüte' })]), 'latin1');
    expect((await convert(latin, jsonl)).violations).toEqual([
      expect.objectContaining({ rule: 'utf8', rows: [2] }),
    ]);
  });

  it('a small file that unpacks to a large one', async () => {
    const project = flowerProject({ ingest: { maximumBytes: 100_000 } });
    const bomb = gzipSync(flowerCsv([flowerRow(1, { note: 'x'.repeat(5_000_000) })]));
    expect(bomb.length).toBeLessThan(100_000);
    const { violations } = await convert(bomb, csvGz, project);
    expect(violations).toEqual([
      expect.objectContaining({
        rule: 'size',
        message: expect.stringContaining('unpacks to more than 100000 bytes'),
      }),
    ]);
  });

  it('fewer rows than the project wants', async () => {
    const { violations } = await convert(text, csv, flowerProject({ ingest: { minimumRows: 301 } }));
    expect(violations).toEqual([expect.objectContaining({ rule: 'rows' })]);
  });
});
