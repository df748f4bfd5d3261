import type { RuleViolation } from '../contracts/quarantine-report.ts';
import { columnViolations, type WantedColumn } from '../domain/ingest/columns.ts';
import type { CsvStructure } from '../domain/ingest/csv-scan.ts';
import { asText, type DuckDb } from './duckdb-database.ts';
import { identifier, literal } from './duckdb-sql.ts';

/** How one wanted column is read, in SQL over the source's rows. */
export interface SourceColumn {
  readonly column: WantedColumn;
  /** VARCHAR: the value as it stands in the file, for people. */
  readonly shown: string;
  /** BOOLEAN: there is no value. */
  readonly missing: string;
  /** DOUBLE or VARCHAR: the canonical value; NULL where it is missing or not of the column's type. */
  readonly value: string;
}

/** An upload as a table expression, its rows in the file's order. */
export type UploadSource =
  | { readonly violations: readonly RuleViolation[] }
  | { readonly violations: undefined; readonly from: string; readonly columns: readonly SourceColumn[] };

/**
 * A CSV file whose structure was checked: columns go by position, because DuckDB's names disregard case.
 * All values are read as text, so that the rules decide what a number is, not a sniffer.
 */
export function csvSource(
  path: string,
  gzipped: boolean,
  { header = [] }: CsvStructure,
  wanted: readonly WantedColumn[],
): UploadSource {
  const violations = columnViolations(wanted, header);
  if (violations.length > 0) return { violations };
  const types = header.map((_, index) => `c${index}: 'VARCHAR'`).join(', ');
  // Lenient, because the strict mode refuses CRLF inside quotes among LF; CsvScan is the strict one.
  const from =
    `read_csv(${literal(path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', ` +
    `compression = '${gzipped ? 'gzip' : 'none'}', strict_mode = false, columns = {${types}})`;
  return {
    violations: undefined,
    from,
    columns: wanted.map((column) => fromText(column, `c${header.indexOf(column.name)}`)),
  };
}

/** JSON lines: one object a line. A key that a row lacks is a missing value. */
export function jsonLinesSource(
  path: string,
  gzipped: boolean,
  wanted: readonly WantedColumn[],
): UploadSource {
  const types = wanted
    .map(({ name, type }) => `${identifier(name)}: '${type === 'number' ? 'VARCHAR' : 'JSON'}'`)
    .join(', ');
  return {
    violations: undefined,
    from:
      `read_json(${literal(path)}, format = 'newline_delimited', records = true, ` +
      `compression = '${gzipped ? 'gzip' : 'uncompressed'}', columns = {${types}})`,
    columns: wanted.map((column) =>
      column.type === 'number'
        ? fromText(column, identifier(column.name))
        : fromJson(column, identifier(column.name)),
    ),
  };
}

/** Parquet brings types: a column of the wrong kind is refused whole, before its values are looked at. */
export async function parquetSource(
  database: DuckDb,
  path: string,
  wanted: readonly WantedColumn[],
): Promise<UploadSource> {
  const from = `read_parquet(${literal(path)})`;
  const described = await database.rows(`DESCRIBE SELECT * FROM ${from}`);
  const types = new Map(described.map((row) => [asText(row['column_name']), asText(row['column_type'])]));
  const missing = columnViolations(wanted, [...types.keys()]);
  const violations = [
    ...missing,
    ...wanted.flatMap((column) => kindViolation(column, types.get(column.name))),
  ];
  if (violations.length > 0) return { violations };
  return {
    violations: undefined,
    from,
    columns: wanted.map((column) => {
      const type = types.get(column.name) ?? '';
      const name = identifier(column.name);
      if (type === 'VARCHAR') return fromText(column, name);
      return column.type === 'number'
        ? fromNumber(column, name)
        : fromText(column, `CAST(${name} AS VARCHAR)`);
    }),
  };
}

const numberTypes = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;
const nestedTypes = /(\]|^(STRUCT|MAP|UNION|VARIANT)\b.*|^BLOB)$/;

function kindViolation(column: WantedColumn, type: string | undefined): RuleViolation[] {
  if (type === undefined || type === 'VARCHAR') return [];
  const fits = column.type === 'number' ? numberTypes.test(type) : !nestedTypes.test(type);
  if (fits) return [];
  const expected = column.type === 'number' ? 'numbers or texts of numbers' : 'texts';
  const message = `column '${column.name}' is of type ${type.slice(0, 80)}, expected ${expected}: write it as such`;
  return [{ rule: 'type', column: column.name, rows: [], count: 1, message }];
}

/** An empty text is a missing value: CSV cannot tell the two apart. */
function fromText(column: WantedColumn, sql: string): SourceColumn {
  const shown = `nullif(${sql}, '')`;
  // DuckDB also reads 1_000, which no other reader of the raw file would.
  const value =
    column.type === 'category'
      ? shown
      : `CASE WHEN isfinite(TRY_CAST(${sql} AS DOUBLE)) AND NOT contains(${sql}, '_') THEN TRY_CAST(${sql} AS DOUBLE) END`;
  return { column, shown, missing: `${shown} IS NULL`, value };
}

function fromNumber(column: WantedColumn, sql: string): SourceColumn {
  const number = `CAST(${sql} AS DOUBLE)`;
  return {
    column,
    shown: `CAST(${sql} AS VARCHAR)`,
    missing: `${sql} IS NULL`,
    value: `CASE WHEN isfinite(${number}) THEN ${number} END`,
  };
}

function fromJson(column: WantedColumn, sql: string): SourceColumn {
  const shown = `nullif(${sql} ->> '$', '')`;
  return {
    column,
    shown,
    missing: `${shown} IS NULL`,
    value: `CASE WHEN json_type(${sql}) NOT IN ('ARRAY', 'OBJECT') THEN ${shown} END`,
  };
}
