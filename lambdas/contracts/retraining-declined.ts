import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';
import { instant, projectName } from './primitives.ts';
import { retrainingCause } from './retraining-requested.ts';

/** The retraining policy said no. */
export const retrainingDeclined = defineEvent(
  'millrace.retraining',
  'RetrainingDeclined.v1',
  z.object({
    project: projectName,
    decisionId: z.string().min(1),
    cause: retrainingCause,
    /** One sentence for each rule that said no. */
    reasons: z.array(z.string().min(1)).min(1),
    declinedAt: instant,
  }),
);
export type RetrainingDeclined = DetailOf<typeof retrainingDeclined>;
