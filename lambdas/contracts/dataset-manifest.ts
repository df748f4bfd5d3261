import { z } from 'zod';
import { projectName, rawObject, s3Uri, sha256 } from './primitives.ts';

/** The parts a dataset is divided into. A row's part depends on its content alone. */
export const splits = ['train', 'validation', 'test'] as const;
export type Split = (typeof splits)[number];

const part = z.object({ uri: s3Uri, rows: z.int().nonnegative(), sha256 });

/** One accepted upload: which raw bytes, and the Parquet files derived from them, one for each split. */
export const datasetEntry = z.object({
  raw: rawObject,
  sha256,
  rows: z.int().positive(),
  parts: z.object({ train: part, validation: part, test: part }),
});
export type DatasetEntry = z.infer<typeof datasetEntry>;

/**
 * A dataset: raw object versions and hashes, nothing copied.
 * `datasetId` is the SHA-256 of the canonical JSON of project, schema hash and entries' hashes in order.
 */
export const datasetManifest = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  datasetId: sha256,
  /** SHA-256 of the project's column schema and split, in canonical JSON: what the parts were derived by. */
  schemaSha256: sha256,
  /** In order of acceptance. */
  entries: z.array(datasetEntry).min(1),
  rows: z.int().positive(),
});
export type DatasetManifest = z.infer<typeof datasetManifest>;
