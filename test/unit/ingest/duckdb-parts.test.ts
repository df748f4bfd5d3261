import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readColumns } from '../../../lambdas/adapters/duckdb-parquet-reader.ts';
import { DuckDbUploadConverter } from '../../../lambdas/adapters/duckdb-upload-converter.ts';
import { splits, type Split } from '../../../lambdas/contracts/dataset-manifest.ts';
import type { ProjectDefinition } from '../../../lambdas/contracts/project-definition.ts';
import { splitIntervals } from '../../../lambdas/domain/ingest/split.ts';
import {
  flowerColumns,
  flowerCsv,
  flowerJsonLines,
  flowerProject,
  flowerRow,
  flowerRows,
  type FlowerRow,
} from '../../builders/flower-project.ts';
import { temporaryDirectory } from '../../builders/temporary-directory.ts';

async function partsOf(csv: string, project: ProjectDefinition, threads = 2, kind: 'csv' | 'jsonl' = 'csv') {
  const directory = temporaryDirectory();
  const path = join(directory, 'upload');
  writeFileSync(path, csv);
  mkdirSync(join(directory, 'converted'));
  const converter = new DuckDbUploadConverter({ memoryLimitMiB: 256, threads });
  const conversion = await converter.convert(
    path,
    { kind, gzipped: false },
    project,
    join(directory, 'converted'),
  );
  if ('parts' in conversion) return conversion.parts;
  throw new Error(JSON.stringify(conversion.violations));
}

/** Which part each row is in, by its `petal_width`. */
async function placesOf(
  csv: string,
  project: ProjectDefinition,
): Promise<Map<number | string | null, Split[]>> {
  const parts = await partsOf(csv, project);
  const places = new Map<number | string | null, Split[]>();
  for (const split of splits) {
    const { petal_width: widths = [] } = await readColumns(parts[split].path, ['petal_width']);
    for (const width of widths) places.set(width, [...(places.get(width) ?? []), split]);
  }
  return places;
}

/** The hash as `splitIntervals` documents it, written down a second time without DuckDB. */
function documentedHash(row: FlowerRow, seed: number): number {
  const number = (text: string) => {
    const bytes = Buffer.alloc(9, 1);
    bytes.writeDoubleBE(Number(text) === 0 ? 0 : Number(text), 1);
    return bytes;
  };
  const category = (text: string) => Buffer.from(`\x02${Buffer.byteLength(text)}:${text}`);
  const missing = Buffer.from([0]);
  const message = Buffer.concat([
    Buffer.from(`${seed}\x1f`),
    number(row.petal_length),
    row.petal_width === '' ? missing : number(row.petal_width),
    category(row.colour),
    row.note === '' ? missing : category(row.note),
  ]);
  return createHash('md5').update(message).digest().readUInt32BE();
}

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const flower: fc.Arbitrary<FlowerRow> = fc.record({
  petal_length: fc.double({ min: 0, max: 10, noNaN: true }).map(String),
  petal_width: fc.option(number).map((value) => (value === null ? '' : String(value))),
  colour: fc.constantFrom('blue', 'white', 'violet, dark'),
  note: fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('\0', '')),
  species: fc.constantFrom('setosa', 'virginica'),
});

describe('the split', () => {
  it('is the documented one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(flower, { minLength: 1, maxLength: 60 }),
        fc.nat(1000),
        async (rows, seed) => {
          const project = flowerProject({ split: { seed, test: 0.3, validation: 0.3 } });
          const parts = await partsOf(flowerCsv(rows), project);
          const intervals = splitIntervals(project.split);
          const expected = Object.fromEntries(
            splits.map((split) => {
              const { from, below } = intervals[split];
              return [
                split,
                rows.filter((row) => documentedHash(row, seed) >= from && documentedHash(row, seed) < below),
              ];
            }),
          );
          for (const split of splits) {
            const read = await readColumns(parts[split].path, [...flowerColumns]);
            const wanted = expected[split] ?? [];
            expect(read['note']).toEqual(wanted.map(({ note }) => note || null));
            expect(read['petal_width']).toEqual(
              wanted.map(({ petal_width }) => (petal_width === '' ? null : Number(petal_width))),
            );
          }
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);

  it('has the project’s proportions', async () => {
    const parts = await partsOf(flowerCsv(flowerRows(20_000)), flowerProject());
    expect(parts.test.rows / 20_000).toBeCloseTo(0.2, 1.5);
    expect(parts.validation.rows / 20_000).toBeCloseTo(0.1, 1.5);
    expect(parts.train.rows + parts.validation.rows + parts.test.rows).toBe(20_000);
  });

  it('leaves every row in its part when others come, go or change places', async () => {
    const rows = flowerRows(400);
    const before = await placesOf(flowerCsv(rows), flowerProject());
    const after = await placesOf(
      flowerCsv([...flowerRows(900).slice(500), ...rows.toReversed()]),
      flowerProject(),
    );
    for (const [row, places] of before) expect(after.get(row)).toEqual(places);
  });

  it('never parts rows that the model cannot tell apart', async () => {
    const twice = flowerRows(200).flatMap((row) => [
      { ...row, species: 'setosa' },
      { ...row, species: 'virginica' },
    ]);
    const places = await placesOf(flowerCsv(twice), flowerProject());
    expect(places.size).toBe(200);
    for (const [one, other] of places.values()) expect(other).toBe(one);
  });

  it('is another one for another seed', async () => {
    const csv = flowerCsv(flowerRows(200));
    const places = await placesOf(csv, flowerProject());
    const others = await placesOf(csv, flowerProject({ split: { seed: 1 } }));
    expect([...places].filter(([row, [split]]) => others.get(row)?.[0] !== split).length).toBeGreaterThan(30);
  });
});

describe('derived files', () => {
  it('have the same bytes at every run, in every format and with any number of threads', async () => {
    // More rows than one row group of DuckDB has, so that the threads do share the work.
    const rows = Array.from({ length: 300_000 }, (_, index) => flowerRow(index));
    const project = flowerProject();
    const runs = [
      await partsOf(flowerCsv(rows), project, 1),
      await partsOf(flowerCsv(rows), project, 4),
      await partsOf(flowerJsonLines(rows), project, 1, 'jsonl'),
      await partsOf(flowerJsonLines(rows), project, 3, 'jsonl'),
    ];
    const hashes = runs.map((parts) => splits.map((split) => parts[split].sha256).join());
    expect(new Set(hashes).size).toBe(1);
  }, 120_000);
});
