import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';
import { instant, projectName, rawObject, s3Uri, sha256 } from './primitives.ts';

/** An upload passed validation and is part of the project's dataset from here on. */
export const dataAccepted = defineEvent(
  'millrace.ingest',
  'DataAccepted.v1',
  z.object({
    project: projectName,
    /** Dataset that holds this upload and every one accepted before it. */
    datasetId: sha256,
    manifestUri: s3Uri,
    rawObject,
    /** Rows in this upload. */
    rows: z.int().positive(),
    /** Rows in the whole dataset. */
    datasetRows: z.int().positive(),
    acceptedAt: instant,
  }),
);
export type DataAccepted = DetailOf<typeof dataAccepted>;
