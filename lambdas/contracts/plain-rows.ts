import { z } from 'zod';
import { modelVersion, projectName } from './primitives.ts';
import { featureValue } from './prediction-record.ts';

/** Into `POST /models/{model}[/versions/{version}]/predict`: every feature in every row, null where it may be. */
export const plainRequest = z.object({ rows: z.array(z.record(z.string(), featureValue)).min(1) });
export type PlainRequest = z.infer<typeof plainRequest>;

/** One row's answer: a class with its probabilities, or a value. Rounded to the seven digits that FP32 holds. */
export const plainPrediction = z.union([
  z.object({ label: z.string(), probabilities: z.record(z.string(), z.number().min(0).max(1)) }),
  z.object({ value: z.number() }),
]);
export type PlainPrediction = z.infer<typeof plainPrediction>;

/** Out of `predict`: one prediction for each row, in order. */
export const plainAnswer = z.object({
  model: projectName,
  version: modelVersion,
  inferenceId: z.string().min(1),
  predictions: z.array(plainPrediction).min(1),
});
export type PlainAnswer = z.infer<typeof plainAnswer>;
