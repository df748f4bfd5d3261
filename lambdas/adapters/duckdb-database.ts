import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, JS } from '@duckdb/node-api';
import { listLiteral, literal } from './duckdb-sql.ts';

export interface DuckDbLimits {
  /** DuckDB's own buffers; the process needs about 250 MiB besides. */
  readonly memoryLimitMiB: number;
  readonly threads: number;
}

export interface DuckDbFiles {
  /** Files that queries may read. */
  readonly readable: readonly string[];
  /** Where queries may write, and where DuckDB spills to. Nothing spills when undefined. */
  readonly directory?: string;
}

/** An in-memory DuckDB for one piece of work. */
export interface DuckDb {
  rows(sql: string): Promise<Record<string, JS>[]>;
  columns(sql: string): Promise<Record<string, JS[]>>;
}

/**
 * Runs `work` on a database that touches no network and no file but those named, loads no extension (the ones for
 * Parquet and JSON are linked in), and whose settings nobody can change any more. It is closed in any case.
 */
export async function withDuckDb<Result>(
  { memoryLimitMiB, threads }: DuckDbLimits,
  { readable, directory }: DuckDbFiles,
  work: (database: DuckDb) => Promise<Result>,
): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryLimitMiB}MiB`,
    threads: String(threads),
    temp_directory: directory ?? '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  let connection: DuckDBConnection | undefined;
  try {
    connection = await instance.connect();
    await connection.run(`SET TimeZone = ${literal('UTC')}`);
    await connection.run(`SET allowed_paths = ${listLiteral(readable)}`);
    if (directory !== undefined)
      await connection.run(`SET allowed_directories = ${listLiteral([directory])}`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return await work(databaseOn(connection));
  } finally {
    connection?.closeSync();
    instance.closeSync();
  }
}

function databaseOn(connection: DuckDBConnection): DuckDb {
  return {
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
    columns: async (sql) => (await connection.runAndReadAll(sql)).getColumnsObjectJS(),
  };
}

/** A count or a row number, which DuckDB gives as a bigint. @throws when it is none */
export function asCount(value: JS | undefined): number {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value);
  throw new Error(`DuckDB answered with a ${typeof value}, expected a count`);
}

/** @throws when the value is no text */
export function asText(value: JS | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error(`DuckDB answered with a ${typeof value}, expected a text`);
}
