import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';
import { instant, projectName } from './primitives.ts';

/** A person asked for a retraining. */
export const retrainingAsked = defineEvent(
  'millrace.cli',
  'RetrainingAsked.v1',
  z.object({
    project: projectName,
    /** Made by whoever asks; asking twice with one id is asking once. */
    requestId: z.string().min(1),
    reason: z.string().min(1),
    askedAt: instant,
  }),
);
export type RetrainingAsked = DetailOf<typeof retrainingAsked>;
