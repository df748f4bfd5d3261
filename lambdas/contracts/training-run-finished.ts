import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';
import { instant, modelVersion, projectName, runId } from './primitives.ts';

/** How a run of the training machine can end. */
export const runOutcome = z.enum(['registered', 'rejected', 'failed']);
export type RunOutcome = z.infer<typeof runOutcome>;

/** A run ended: a candidate was registered, or the gate refused it, or something failed. */
export const trainingRunFinished = defineEvent(
  'millrace.training',
  'TrainingRunFinished.v1',
  z.object({
    project: projectName,
    runId,
    outcome: runOutcome,
    /** Given when a candidate was registered. */
    version: modelVersion.optional(),
    /** The gate's reasons, or the first line of what failed. */
    reasons: z.array(z.string().min(1)).min(1),
    finishedAt: instant,
  }),
);
export type TrainingRunFinished = DetailOf<typeof trainingRunFinished>;
