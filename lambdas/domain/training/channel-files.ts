import type { DatasetManifest, Split } from '../../contracts/dataset-manifest.ts';
import { PermanentError } from '../errors.ts';
import { parseS3Uri } from '../s3-uri.ts';

/** One part of a dataset: where its Parquet files are, and how many rows they hold together. Empty files are left out. */
export interface SplitParts {
  readonly uris: readonly string[];
  readonly rows: number;
}

export function partsOf(manifest: DatasetManifest, split: Split): SplitParts {
  const parts = manifest.entries.map((entry) => entry.parts[split]).filter(({ rows }) => rows > 0);
  return { uris: parts.map(({ uri }) => uri), rows: parts.reduce((sum, { rows }) => sum + rows, 0) };
}

/**
 * The body of a SageMaker ManifestFile: a common prefix, then the keys after it
 * (API reference, `S3DataSource`, `S3Uri`).
 * @throws PermanentError when the files lie in more than one bucket, which SageMaker cannot be told
 */
export function manifestFile(uris: readonly string[]): string {
  const locations = uris.map(parseS3Uri);
  const buckets = new Set(locations.map(({ bucket }) => bucket));
  const [bucket] = buckets;
  if (bucket === undefined || buckets.size > 1) {
    throw new PermanentError(
      `the files of one channel must lie in one bucket, these lie in ${buckets.size}: ${[...buckets].join(', ')}`,
    );
  }
  return JSON.stringify([{ prefix: `s3://${bucket}/` }, ...locations.map(({ key }) => key)]);
}
