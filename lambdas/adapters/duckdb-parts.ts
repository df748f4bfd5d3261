import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Split } from '../contracts/dataset-manifest.ts';
import type { ProjectDefinition } from '../contracts/project-definition.ts';
import { splitIntervals } from '../domain/ingest/split.ts';
import type { LocalPart } from '../domain/ports/upload-converter.ts';
import { asCount, type DuckDb } from './duckdb-database.ts';
import { identifier, literal } from './duckdb-sql.ts';
import type { SourceColumn } from './duckdb-upload-source.ts';

/**
 * Writes the upload's canonical values and each row's hash to one Parquet file, in the file's order.
 * @param columns the features in the schema's order, and the target last
 */
export async function stageRows(
  database: DuckDb,
  from: string,
  columns: readonly SourceColumn[],
  seed: number,
  path: string,
): Promise<void> {
  const values = columns.map(({ value }, index) => `${value} AS value${index}`);
  const features = columns.slice(0, -1);
  await database.rows(
    `COPY (SELECT *, ${rowHash(features, seed)} AS hash FROM (SELECT ${values.join(', ')} FROM ${from})) ` +
      `TO ${literal(path)} (FORMAT parquet, COMPRESSION lz4)`,
  );
}

/** The hash that `splitIntervals` speaks of, as UINTEGER: the byte string is spelt out in its documentation. */
function rowHash(features: readonly SourceColumn[], seed: number): string {
  const bytes = features.map(({ column }, index) => {
    const value = `value${index}`;
    const present =
      column.type === 'number'
        ? `'\\x01'::BLOB || CAST(CAST(CASE WHEN ${value} = 0 THEN 0.0::DOUBLE ELSE ${value} END AS BIT) AS BLOB)`
        : `'\\x02'::BLOB || encode(CAST(strlen(${value}) AS VARCHAR) || ':' || ${value})`;
    return column.nullable
      ? `CASE WHEN ${value} IS NULL THEN '\\x00'::BLOB ELSE ${present} END`
      : `(${present})`;
  });
  const message = [`encode(${literal(String(seed))})`, `'\\x1F'::BLOB`, ...bytes].join(' || ');
  return `CAST('0x' || left(md5(${message}), 8) AS UINTEGER)`;
}

/**
 * Divides staged rows into the parts of a dataset: Parquet, Snappy, columns DOUBLE and VARCHAR under the schema's
 * names, rows in the upload's order. The same rows give the same bytes, whatever the format they came in; to that
 * end the database must have one thread.
 */
export async function writeParts(
  database: DuckDb,
  staged: string,
  columns: readonly SourceColumn[],
  split: ProjectDefinition['split'],
  directory: string,
): Promise<Record<Split, LocalPart>> {
  const intervals = splitIntervals(split);
  const named = columns.map(({ column }, index) => `value${index} AS ${identifier(column.name)}`).join(', ');
  const write = async (part: Split): Promise<LocalPart> => {
    const path = join(directory, `${part}.parquet`);
    const { from, below } = intervals[part];
    // By way of a table, whose row groups depend on the rows alone: streamed, the file's row groups would end where
    // the chunks of the staged file happen to, which depends on the upload's format and the number of threads.
    await database.rows(
      `CREATE TEMP TABLE ${part} AS SELECT ${named} FROM read_parquet(${literal(staged)}) ` +
        `WHERE hash >= ${from} AND hash < ${below}`,
    );
    const [copied] = await database.rows(
      `COPY ${part} TO ${literal(path)} (FORMAT parquet, COMPRESSION snappy)`,
    );
    await database.rows(`DROP TABLE ${part}`);
    return { path, rows: asCount(copied?.['Count']), sha256: await fileSha256(path) };
  };
  return { train: await write('train'), validation: await write('validation'), test: await write('test') };
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
