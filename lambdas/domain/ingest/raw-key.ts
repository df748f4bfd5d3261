/** Formats that an upload may have, by the ending of its key. */
export type UploadFormat = { readonly kind: 'csv' | 'jsonl' | 'parquet'; readonly gzipped: boolean };

const formatsByEnding: readonly (readonly [ending: string, format: UploadFormat])[] = [
  ['.csv', { kind: 'csv', gzipped: false }],
  ['.csv.gz', { kind: 'csv', gzipped: true }],
  ['.jsonl', { kind: 'jsonl', gzipped: false }],
  ['.jsonl.gz', { kind: 'jsonl', gzipped: true }],
  ['.ndjson', { kind: 'jsonl', gzipped: false }],
  ['.ndjson.gz', { kind: 'jsonl', gzipped: true }],
  ['.parquet', { kind: 'parquet', gzipped: false }],
];

/** Endings that are understood, for messages. */
export const supportedEndings: readonly string[] = formatsByEnding.map(([ending]) => ending);

/** What the name of a raw object says. */
export interface RawKey {
  /** First path segment, which need not be a project; the whole key where there is no folder. Never empty. */
  readonly project: string;
  /** Absent when the ending is not understood. */
  readonly format: UploadFormat | undefined;
}

/**
 * Takes a raw object's key apart: `<project>/<anything><ending>`. Endings are compared without regard to case.
 * @returns undefined for a folder marker, which consoles create when a person makes a "folder"
 */
export function readRawKey(key: string): RawKey | undefined {
  if (key.endsWith('/')) return undefined;
  const lowerCase = key.toLowerCase();
  const format = formatsByEnding.find(([ending]) => lowerCase.endsWith(ending))?.[1];
  const project = key.split('/').find((segment) => segment !== '') ?? key;
  return { project, format };
}
