import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';
import { instant, modelVersion, projectName } from './primitives.ts';

/** One feature's distance between its baseline and a window of live traffic. */
export const featureDrift = z.object({
  feature: z.string().min(1),
  /** Population stability index, in nats; above the threshold counts as drifted. */
  psi: z.number().nonnegative(),
  /** Jensen–Shannon distance, base 2: 0 to 1. */
  jensenShannon: z.number().min(0).max(1),
  drifted: z.boolean(),
});
export type FeatureDrift = z.infer<typeof featureDrift>;

/**
 * Enough windows in a row moved away from the model's baseline. Announced when the streak is long enough, and again each
 * time it has doubled.
 */
export const driftDetected = defineEvent(
  'millrace.monitoring',
  'DriftDetected.v1',
  z.object({
    project: projectName,
    version: modelVersion,
    /** Made of project, version, shard and number of the window: the same however often it is announced. */
    detectionId: z.string().min(1),
    /** The features that drifted, most drifted first. */
    features: z.array(featureDrift).min(1),
    /** Rows in the last window. */
    rows: z.int().positive(),
    /** Windows in a row that drifted. */
    windows: z.int().positive(),
    detectedAt: instant,
  }),
);
export type DriftDetected = DetailOf<typeof driftDetected>;
