import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ProjectDefinition } from '../contracts/project-definition.ts';
import type { RuleViolation } from '../contracts/quarantine-report.ts';
import { wantedColumns } from '../domain/ingest/columns.ts';
import type { CsvStructure } from '../domain/ingest/csv-scan.ts';
import { csvViolation } from '../domain/ingest/csv-violations.ts';
import { fileViolation, tooFewRows } from '../domain/ingest/file-violations.ts';
import type { UploadFormat } from '../domain/ingest/raw-key.ts';
import { valueViolation, type Tally } from '../domain/ingest/value-violations.ts';
import type { Conversion, UploadConverter } from '../domain/ports/upload-converter.ts';
import { withDuckDb, type DuckDb, type DuckDbLimits } from './duckdb-database.ts';
import { malformedJsonLines } from './duckdb-malformed-json-lines.ts';
import { stageRows, writeParts } from './duckdb-parts.ts';
import { unreadable } from './duckdb-unreadable.ts';
import { csvSource, jsonLinesSource, parquetSource, type UploadSource } from './duckdb-upload-source.ts';
import { checkValues } from './duckdb-value-checks.ts';
import { checkText } from './zlib-text-check.ts';

interface ReadableUpload {
  readonly path: string;
  readonly format: UploadFormat;
  /** Only for CSV. */
  readonly csv: CsvStructure | undefined;
}

/** Checks and converts uploads with DuckDB, in memory that does not grow with the upload. */
export class DuckDbUploadConverter implements UploadConverter {
  readonly #limits: DuckDbLimits;

  constructor(limits: DuckDbLimits) {
    this.#limits = limits;
  }

  async convert(
    path: string,
    format: UploadFormat,
    project: ProjectDefinition,
    directory: string,
  ): Promise<Conversion> {
    const readable = await openText(path, format, project, directory);
    if ('violations' in readable) return readable;
    const files = { readable: [readable.path], directory };
    const staged = join(directory, 'staged.parquet');
    const examined = await withDuckDb(this.#limits, files, (database) =>
      examineAndStage(database, readable, project, staged),
    );
    if ('violations' in examined) return examined;
    const { rows, columns } = examined;
    const parts = await withDuckDb({ ...this.#limits, threads: 1 }, { readable: [], directory }, (database) =>
      writeParts(database, staged, columns, project.split, directory),
    );
    const written = parts.train.rows + parts.validation.rows + parts.test.rows;
    if (written !== rows)
      throw new Error(`wrote ${written} rows into the parts, expected ${rows}: the split has a gap`);
    return { violations: [], rows, parts };
  }
}

type Rejection = { readonly violations: readonly [RuleViolation, ...RuleViolation[]] };

/** What can be said of a text file before its values are looked at. */
async function openText(
  path: string,
  format: UploadFormat,
  project: ProjectDefinition,
  directory: string,
): Promise<ReadableUpload | Rejection> {
  if (format.kind === 'parquet') return { path, format, csv: undefined };
  const text = await checkText(path, format, project.ingest.maximumBytes);
  if (text.violation) return { violations: [text.violation] };
  const { csv } = text;
  if (csv) {
    const [first, ...others] = csv.flaws.map((flaw) => csvViolation(flaw, csv.header?.length ?? 0));
    if (first) return { violations: [first, ...others] };
    if (!csv.header) {
      return {
        violations: [
          fileViolation('readable', 'the file has no header: its first line must name the columns'),
        ],
      };
    }
    return { path, format, csv };
  }
  if (!text.startsWithByteOrderMark) return { path, format, csv };
  // DuckDB's JSON reader refuses a byte order mark.
  const bare = join(directory, 'without-mark.jsonl');
  await copyWithoutMark(path, format.gzipped, bare);
  return { path: bare, format: { ...format, gzipped: false }, csv };
}

async function copyWithoutMark(path: string, gzipped: boolean, target: string): Promise<void> {
  if (!gzipped) return pipeline(createReadStream(path, { start: 3 }), createWriteStream(target));
  return pipeline(createReadStream(path), createGunzip(), skipMark, createWriteStream(target));
}

async function* skipMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let skip = 3;
  for await (const chunk of chunks) {
    const cut = Math.min(skip, chunk.length);
    skip -= cut;
    yield chunk.subarray(cut);
  }
}

async function examineAndStage(
  database: DuckDb,
  upload: ReadableUpload,
  project: ProjectDefinition,
  staged: string,
) {
  const { path, format, csv } = upload;
  let source: UploadSource;
  let rows: number;
  let tallies: Tally[];
  try {
    source = await sourceOf(database, upload, project);
    if (source.violations) return rejection(source.violations);
    ({ rows, tallies } = await checkValues(database, source.from, source.columns));
  } catch (error) {
    const violation = unreadable(error, path);
    const malformed = format.kind === 'jsonl' ? await malformedJsonLines(database, path, format.gzipped) : [];
    return rejection(malformed.length > 0 ? malformed : [violation]);
  }
  if (csv && csv.rows !== rows) {
    return rejection([
      fileViolation(
        'readable',
        `the file has ${csv.rows} records by RFC 4180, but DuckDB reads ${rows}: ` +
          'write it with plain quoting, or as Parquet',
      ),
    ]);
  }
  const violations = tallies.map((tally) => absentKey(tally, rows, format) ?? valueViolation(tally));
  if (rows < project.ingest.minimumRows) violations.unshift(tooFewRows(rows, project.ingest.minimumRows));
  if (violations.length > 0) return rejection(violations);
  await stageRows(database, source.from, source.columns, project.split.seed, staged);
  return { rows, columns: source.columns };
}

async function sourceOf(
  database: DuckDb,
  { path, format, csv }: ReadableUpload,
  project: ProjectDefinition,
): Promise<UploadSource> {
  const wanted = wantedColumns(project.schema);
  if (csv) return csvSource(path, format.gzipped, csv, wanted);
  return format.kind === 'jsonl'
    ? jsonLinesSource(path, format.gzipped, wanted)
    : parquetSource(database, path, wanted);
}

/** JSON lines have no header: a key that no row has is a missing column. */
function absentKey(
  { column, rule, count }: Tally,
  rows: number,
  format: UploadFormat,
): RuleViolation | undefined {
  if (format.kind !== 'jsonl' || rule !== 'not-null' || count !== rows) return undefined;
  return {
    rule: 'columns',
    column: column.name,
    rows: [],
    count: 1,
    message: `no row has a value under the key '${column.name}': add it to every row; keys are compared exactly`,
  };
}

function rejection(violations: readonly RuleViolation[]): Rejection {
  const [first, ...others] = violations;
  if (!first) throw new Error('rejected without a violation: a rejection needs a reason');
  return { violations: [first, ...others] };
}
