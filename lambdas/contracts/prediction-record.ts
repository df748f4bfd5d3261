import { z } from 'zod';
import { instant, modelVersion, projectName } from './primitives.ts';

/** A feature's value as it was given: a number, a category, or nothing. */
export const featureValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export type FeatureValue = z.infer<typeof featureValue>;

/**
 * Data capture: one answered (or failed) prediction request, as it goes to Kinesis in JSON.
 * Columns, not rows, so that names are sent once: `features[name]` has `rows` values.
 */
export const predictionRecord = z.object({
  schemaVersion: z.literal(1),
  inferenceId: z.string().min(1),
  project: projectName,
  version: modelVersion,
  /** Which part of the routing table answered. */
  variant: z.enum(['champion', 'challenger', 'pinned']),
  at: instant,
  /** HTTP status of the answer. */
  status: z.int(),
  /** Time from request parsed to answer ready, in milliseconds. */
  latencyMs: z.number().nonnegative(),
  rows: z.int().nonnegative(),
  features: z.record(z.string(), z.array(featureValue)),
  /** Predicted label or value for each row. */
  predictions: z.array(featureValue),
});
export type PredictionRecord = z.infer<typeof predictionRecord>;
