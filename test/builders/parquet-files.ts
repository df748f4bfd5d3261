import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDuckDb } from '../../lambdas/adapters/duckdb-database.ts';
import { literal } from '../../lambdas/adapters/duckdb-sql.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The bytes of a Parquet file with what a query answers. */
export async function parquetOf(sql: string): Promise<Buffer> {
  const directory = temporaryDirectory();
  const path = join(directory, 'made.parquet');
  await withDuckDb({ memoryLimitMiB: 128, threads: 1 }, { readable: [], directory }, (database) =>
    database.rows(`COPY (${sql}) TO ${literal(path)} (FORMAT parquet)`),
  );
  return readFile(path);
}

/** Flowers with the schema's columns, in another order and with one more. */
export const flowersSql = (rows: number): string =>
  `SELECT 'ignored' AS extra, CASE WHEN i % 3 = 0 THEN 'setosa' ELSE 'virginica' END AS species, ` +
  `CAST((i % 100) / 10 AS DOUBLE) AS petal_length, i / 7 AS petal_width, ` +
  `CASE WHEN i % 2 = 0 THEN 'blue' ELSE 'white' END AS colour, CAST(NULL AS VARCHAR) AS note FROM range(1, ${rows + 1}) t(i)`;
