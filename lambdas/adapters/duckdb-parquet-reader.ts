import type { JS } from '@duckdb/node-api';
import { withDuckDb, type DuckDbLimits } from './duckdb-database.ts';
import { identifier, listLiteral } from './duckdb-sql.ts';

const limits: DuckDbLimits = { memoryLimitMiB: 512, threads: 2 };

/**
 * Reads columns of one or several Parquet files whole, in the order of files and rows.
 * @param path local files; several must all have the columns, in whatever order
 * @param limit rows to read at most; all when absent
 * @returns for each column one value for each row: a number, a text, or null where it is missing
 * @throws when a file or a column does not exist, or a column is neither of numbers up to 64 bits nor of texts
 */
export async function readColumns(
  path: string | string[],
  columns: string[],
  limit?: number,
): Promise<Record<string, (string | number | null)[]>> {
  const paths = typeof path === 'string' ? [path] : path;
  if (columns.length === 0 || paths.length === 0)
    return Object.fromEntries(columns.map((column) => [column, []]));
  const sql =
    `SELECT ${columns.map(identifier).join(', ')} FROM read_parquet(${listLiteral(paths)})` +
    (limit === undefined ? '' : ` LIMIT ${Math.trunc(limit)}`);
  const read = await withDuckDb(limits, { readable: paths }, (database) => database.columns(sql));
  return Object.fromEntries(
    columns.map((column) => [column, (read[column] ?? []).map((value) => cell(value, column))]),
  );
}

function cell(value: JS, column: string): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw new Error(`column '${column}' holds ${typeof value} values, expected numbers or texts`);
}
