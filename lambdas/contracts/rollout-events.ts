import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';
import { instant, modelVersion, projectName } from './primitives.ts';

const common = {
  project: projectName,
  version: modelVersion,
  /** Champion before this event; absent before the first model. */
  champion: modelVersion.optional(),
  reasons: z.array(z.string().min(1)).min(1),
  at: instant,
};

/** A version gets its first share of the traffic, or a larger one. */
export const rolloutAdvanced = defineEvent(
  'millrace.rollout',
  'RolloutAdvanced.v1',
  z.object({ ...common, weightPercent: z.int().min(0).max(100) }),
);

/** A version is champion: all traffic goes to it. */
export const modelVersionPromoted = defineEvent(
  'millrace.rollout',
  'ModelVersionPromoted.v1',
  z.object(common),
);

/** A version lost its share of the traffic, by verdict or by a person. */
export const modelVersionRolledBack = defineEvent(
  'millrace.rollout',
  'ModelVersionRolledBack.v1',
  z.object({ ...common, by: z.enum(['verdict', 'person']) }),
);

export type RolloutAdvanced = DetailOf<typeof rolloutAdvanced>;
export type ModelVersionPromoted = DetailOf<typeof modelVersionPromoted>;
export type ModelVersionRolledBack = DetailOf<typeof modelVersionRolledBack>;
