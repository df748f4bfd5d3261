import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';
import { instant, projectName, runId, s3Uri, sha256 } from './primitives.ts';

/** What may ask for a retraining. */
export const retrainingCause = z.enum(['new-data', 'drift', 'person']);
export type RetrainingCause = z.infer<typeof retrainingCause>;

/** The retraining policy said yes. Its run id is made from the cause, so a doubled event starts one run. */
export const retrainingRequested = defineEvent(
  'millrace.retraining',
  'RetrainingRequested.v1',
  z.object({
    project: projectName,
    runId,
    cause: retrainingCause,
    datasetId: sha256,
    manifestUri: s3Uri,
    /** One sentence for each rule of the policy that was looked at. */
    reasons: z.array(z.string().min(1)).min(1),
    requestedAt: instant,
  }),
);
export type RetrainingRequested = DetailOf<typeof retrainingRequested>;
