import type { RuleViolation } from '../../contracts/quarantine-report.ts';
import { supportedEndings } from './raw-key.ts';

/** A broken rule that speaks of the whole file, or of one place in it that no column rule covers. */
export function fileViolation(
  rule: 'readable' | 'utf8' | 'size' | 'rows' | 'project' | 'format',
  message: string,
  place: { readonly row?: number; readonly column?: string } = {},
): RuleViolation {
  return {
    rule,
    ...(place.column === undefined ? {} : { column: place.column }),
    rows: place.row !== undefined && place.row > 0 ? [place.row] : [],
    count: 1,
    message,
  };
}

export const unknownProject = (name: string, known: readonly string[]): RuleViolation =>
  fileViolation(
    'project',
    `there is no project '${name.slice(0, 80)}': the first folder of an upload names its project; ` +
      `upload to one of ${known.map((one) => `${one}/`).join(', ') || '(none is deployed)'}`,
  );

export const unsupportedFormat = (key: string): RuleViolation =>
  fileViolation(
    'format',
    `'${key.slice(-80)}' has no ending that is understood: expected ${supportedEndings.join(', ')}`,
  );

export const emptyFile = (): RuleViolation =>
  fileViolation('size', 'the file is empty (0 bytes): upload it again when it has been written to its end');

export const tooLarge = (bytes: number, maximumBytes: number): RuleViolation =>
  fileViolation(
    'size',
    `the file has ${bytes} bytes, at most ${maximumBytes} are allowed: ` +
      'upload it in several files, or raise ingest.maximumBytes of the project',
  );

export const unpacksTooLarge = (maximumBytes: number): RuleViolation =>
  fileViolation(
    'size',
    `the file unpacks to more than ${maximumBytes} bytes, which are allowed: ` +
      'upload it in several files, or raise ingest.maximumBytes of the project',
  );

export const deletedBeforeRead = (): RuleViolation =>
  fileViolation(
    'readable',
    'this version of the object was deleted before it was read: upload it again if it is wanted',
  );

export const tooFewRows = (rows: number, minimumRows: number): RuleViolation =>
  fileViolation(
    'rows',
    `the file has ${rows} data rows, expected at least ${minimumRows}: upload more rows in one file`,
  );

/** At most this many sentences travel in events and records, which are bounded; the report has all of them. */
const reasonsAtMost = 20;

/** One sentence for each broken rule. */
export function reasonsOf(violations: readonly RuleViolation[]): string[] {
  const reasons = violations.slice(0, reasonsAtMost).map(({ message }) => message.slice(0, 1000));
  const more = violations.length - reasons.length;
  return more > 0 ? [...reasons, `${more} more broken rules stand in the report`] : reasons;
}
