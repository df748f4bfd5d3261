import { z } from 'zod';
import { modelVersion, projectName, s3Uri } from './primitives.ts';

/*
 * The rollout machine is one loop: advance → (bake → advance)* → end. What follows is both input and output of
 * `advance-rollout`; the machine waits `waitSeconds` while `next` is `bake`.
 */

/** Into the rollout machine. */
export const rolloutInput = z.object({
  project: projectName,
  version: modelVersion,
  artifactUri: s3Uri,
});
export type RolloutInput = z.infer<typeof rolloutInput>;

export const rolloutState = rolloutInput.extend({
  /** Steps taken: 0 before the first. */
  step: z.int().nonnegative().default(0),
  /** How often the present step was baked again for want of requests. */
  bakes: z.int().nonnegative().default(0),
  /** When the present step began, ISO 8601; requests are counted from here. */
  stepStartedAt: z.string().optional(),
  next: z.enum(['bake', 'promoted', 'rolled-back', 'superseded']).optional(),
  waitSeconds: z.int().nonnegative().default(0),
  reasons: z.array(z.string()).default([]),
});
export type RolloutState = z.infer<typeof rolloutState>;

/** Into `roll-back`: a person's command. */
export const rollBackCommand = z.object({
  project: projectName,
  /** Version to go back to; the champion's predecessor, or the champion during a rollout, when absent. */
  toVersion: modelVersion.optional(),
  reason: z.string().min(1),
});
export type RollBackCommand = z.infer<typeof rollBackCommand>;

/** Out of `roll-back`. */
export const rollBackAnswer = z.object({
  rolledBack: z.boolean(),
  /** One sentence: what was done, or why nothing was. */
  message: z.string().min(1),
  champion: modelVersion.optional(),
});
export type RollBackAnswer = z.infer<typeof rollBackAnswer>;

/** Counters of one version's answers, kept by the capture consumer, read by the rollout's judge. */
export const variantCounters = z.object({
  project: projectName,
  /**
   * `variant#<version>#<start of ten seconds, ISO 8601>#<shard>` in the monitors table: short enough that the
   * figures of a step are mostly its own.
   */
  record: z.string().startsWith('variant#'),
  version: modelVersion,
  requests: z.int().nonnegative(),
  /** Answers with a status of 500 or more: the caller's own mistakes are not the model's. */
  errors: z.int().nonnegative(),
  /** Upper edges in milliseconds are `latencyEdgesMs`; one more bin than edges. */
  latencyCounts: z.array(z.int().nonnegative()),
  /** Epoch seconds after which the table forgets the record (its time-to-live attribute). */
  expiresAt: z.int().positive().optional(),
});
export type VariantCounters = z.infer<typeof variantCounters>;

/** Upper edges of the latency histogram's bins, in milliseconds; a doubling scale to about half a minute. */
export const latencyEdgesMs = [
  1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768,
] as const;
