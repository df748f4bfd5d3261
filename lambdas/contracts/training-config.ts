import { z } from 'zod';
import { projectName, runId, s3Uri, sha256 } from './primitives.ts';
import { feature } from './project-definition.ts';

/**
 * What the trainer is told, as `/opt/ml/input/data/config/training.json`.
 * The other channels are `train` and `validation` (Parquet files, columns named as in the schema) and
 * `code` (one zip of the project's `train/` folder).
 */
export const trainingConfig = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  runId,
  datasetId: sha256,
  manifestUri: s3Uri,
  /** In the order the model is given them. */
  features: z.array(z.object({ name: z.string().min(1), feature })),
  target: z.object({
    column: z.string().min(1),
    type: z.enum(['category', 'number']),
    /** Classes in order; empty for a number. */
    values: z.array(z.string()),
  }),
  hyperparameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  seed: z.int().nonnegative(),
});
export type TrainingConfig = z.infer<typeof trainingConfig>;
