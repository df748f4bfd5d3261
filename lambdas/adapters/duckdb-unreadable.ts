import type { RuleViolation } from '../contracts/quarantine-report.ts';
import { fileViolation } from '../domain/ingest/file-violations.ts';

/** How all of DuckDB's messages begin. */
const ofDuckDb = /^[A-Za-z ]+ Error: /;

/** How DuckDB's messages begin when the machine or our own SQL is at fault, and not the file. */
const notOfTheFile = /^(Out of Memory|IO|Permission|Interrupt|Connection|Fatal|Parser|Binder|Catalog)\b/i;

/**
 * Turns DuckDB's failure to read a file into a broken rule.
 * @param path cut out of the message, which people read who know the file by another name
 * @throws `error` itself when it says nothing about the file, so that it is tried again
 */
export function unreadable(error: unknown, path: string): RuleViolation {
  if (!(error instanceof Error) || !ofDuckDb.test(error.message) || notOfTheFile.test(error.message)) {
    throw error;
  }
  const said = error.message
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 3)
    .filter((line) => !/^(LINE \d|Try setting|Possible fixes| *\^$)/.test(line))
    .join('; ')
    .replaceAll(`"${path}"`, '')
    .replaceAll(`'${path}'`, '')
    .replaceAll(path, '')
    .slice(0, 500);
  return fileViolation(
    'readable',
    `the file cannot be read (DuckDB: ${said}): was its upload cut off? Write it again`,
  );
}
