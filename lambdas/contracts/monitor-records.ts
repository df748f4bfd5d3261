import { z } from 'zod';
import { featureDrift } from './drift-detected.ts';
import { instant, modelVersion, projectName } from './primitives.ts';

/*
 * The monitors table: partition key `project`, sort key `record`. Written by the capture consumer alone, one writer
 * for each shard, conditional on `revision`, so that a redelivered batch is counted once.
 */

/** Counts over a baseline's bins: `number` as in the manifest, `category` by value. */
export const liveHistogram = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('number'),
    counts: z.array(z.int().nonnegative()),
    missing: z.int().nonnegative(),
  }),
  z.object({
    kind: z.literal('category'),
    counts: z.record(z.string(), z.int().nonnegative()),
    missing: z.int().nonnegative(),
  }),
]);
export type LiveHistogram = z.infer<typeof liveHistogram>;

/** `shard#<shardId>`: how far a shard was read, and its open windows, one for each version seen. */
export const shardState = z.object({
  project: projectName,
  record: z.string().startsWith('shard#'),
  revision: z.int().positive(),
  /** Kinesis sequence number of the last record counted. */
  lastSequence: z.string().min(1),
  windows: z.record(
    z.string(),
    z.object({
      version: modelVersion,
      /** 1 for the first window of this version on this shard. */
      number: z.int().positive(),
      rows: z.int().nonnegative(),
      features: z.record(z.string(), liveHistogram),
      predictions: liveHistogram,
      startedAt: instant,
      /** Windows in a row that drifted, before this one. */
      streak: z.int().nonnegative(),
    }),
  ),
});
export type ShardState = z.infer<typeof shardState>;

/** `window#<version>#<number>#<shardId>`: a closed window and what was found in it. */
export const windowRecord = z.object({
  project: projectName,
  record: z.string().startsWith('window#'),
  version: modelVersion,
  number: z.int().positive(),
  rows: z.int().positive(),
  drifted: z.boolean(),
  features: z.array(featureDrift),
  /** Of the predictions themselves; informative, it starts nothing. */
  predictionPsi: z.number().nonnegative(),
  startedAt: instant,
  closedAt: instant,
  /** Epoch seconds after which the table forgets the record (its time-to-live attribute). */
  expiresAt: z.int().positive().optional(),
});
export type WindowRecord = z.infer<typeof windowRecord>;

export const monitorKeys = {
  shard: (shardId: string) => `shard#${shardId}`,
  window: (version: number, number: number, shardId: string) =>
    `window#${String(version).padStart(6, '0')}#${String(number).padStart(8, '0')}#${shardId}`,
  /** @param bucket start of ten seconds, ISO 8601 to the second: `2026-11-21T01:26:20Z` */
  variant: (version: number, bucket: string, shardId: string) => `variant#${version}#${bucket}#${shardId}`,
  variantPrefix: (version: number) => `variant#${version}#`,
} as const;
