import type { RuleViolation } from '../contracts/quarantine-report.ts';
import { asCount, type DuckDb } from './duckdb-database.ts';
import { literal } from './duckdb-sql.ts';

/**
 * Finds the lines that are not one JSON object each. DuckDB's own message names only the first, by a line number
 * that is off by one for some mistakes.
 * @returns nothing when every line is an object, and something else was wrong
 */
export async function malformedJsonLines(
  database: DuckDb,
  path: string,
  gzipped: boolean,
): Promise<RuleViolation[]> {
  const lines =
    `SELECT row_number() OVER () AS row, json FROM read_ndjson_objects(${literal(path)}, ` +
    `compression = '${gzipped ? 'gzip' : 'uncompressed'}', ignore_errors = true)`;
  const [found] = await database.rows(
    `SELECT count(*) AS count, min(row, 10) AS rows, arg_min(left(CAST(json AS VARCHAR), 80), row) AS example ` +
      `FROM (${lines}) WHERE json IS NULL OR json_type(json) <> 'OBJECT'`,
  );
  const count = asCount(found?.['count']);
  if (count === 0) return [];
  const places = found?.['rows'];
  const rows = Array.isArray(places) ? places.map(asCount) : [];
  const example = found?.['example'];
  return [
    {
      rule: 'readable',
      rows,
      count,
      ...(typeof example === 'string' ? { example } : {}),
      message:
        `${count === 1 ? `row ${rows[0] ?? '?'} is` : `${count} rows, first ${rows.join(', ')}, are`} ` +
        'no JSON object on one line: write each row as {"column": value, …} and nothing else on its line',
    },
  ];
}
