import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { featureValue } from '../lambdas/contracts/prediction-record.ts';
import { MillraceError } from './client/millrace-error.ts';
import type { Row } from './client/predictions.ts';
import type { Terminal } from './terminal.ts';

const row = z.record(z.string(), featureValue);
const document = z.union([
  z.array(row),
  z
    .object({ rows: z.array(row) })
    .strict()
    .transform(({ rows }) => rows),
  row.transform((single) => [single]),
]);

/**
 * Rows from a file, or from stdin for `-`.
 * @throws MillraceError when it cannot be read or holds no rows
 */
export async function readRows(source: string, terminal: Terminal): Promise<Row[]> {
  if (source === '-') return parseRows(await readText(terminal.stdin), 'stdin');
  const text = await readFile(resolve(terminal.directory, source), 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new MillraceError(
      `'${source}' cannot be read (${code}): give a JSON file with rows, or - for stdin`,
      {
        cause: error,
      },
    );
  });
  return parseRows(text, source);
}

/**
 * Takes a JSON array of rows, `{"rows": [...]}`, a single row, or JSON lines.
 * @param source names it in messages
 */
export function parseRows(text: string, source: string): Row[] {
  const content = text.replace(/^\uFEFF/, '').trim();
  const whole = tryJson(content);
  const rows = whole.ok ? checkRows(document, whole.value, source) : parseLines(content, source);
  if (rows.length === 0) throw new MillraceError(`${source} holds no rows: give at least one`);
  return rows;
}

function parseLines(content: string, source: string): Row[] {
  if (content === '') return [];
  return content.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const parsed = tryJson(line);
    const where = `line ${index + 1} of ${source}`;
    if (!parsed.ok) {
      throw new MillraceError(
        `${where} is not JSON (${parsed.reason}): give JSON lines or one array of rows`,
      );
    }
    return [checkRows(row, parsed.value, where)];
  });
}

function checkRows<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MillraceError(
    `${where} does not hold rows: a row looks like {"feature": 1.5, "other": "text"}, with numbers, texts, true, false or null`,
  );
}

function tryJson(text: string): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
