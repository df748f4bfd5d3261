import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';
import { instant, rawObject, s3Uri } from './primitives.ts';

/** An upload was refused. The raw object stays where it is; the report says row, column and rule. */
export const dataRejected = defineEvent(
  'millrace.ingest',
  'DataRejected.v1',
  z.object({
    /** The project named by the upload's first path segment, which need not exist. */
    project: z.string(),
    rawObject,
    reportUri: s3Uri,
    /** One sentence per broken rule. */
    reasons: z.array(z.string().min(1)).min(1),
    rejectedAt: instant,
  }),
);
export type DataRejected = DetailOf<typeof dataRejected>;
