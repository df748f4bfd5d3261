import { z } from 'zod';
import { instant, rawObject, s3Uri } from './primitives.ts';

/** One broken rule, with how often and where. */
export const ruleViolation = z.object({
  /** `readable`, `utf8`, `columns`, `type`, `not-null`, `minimum`, `maximum`, `category`, `size`, `rows`, `project`, `format` */
  rule: z.string().min(1),
  /** Absent when the rule speaks of the whole file. */
  column: z.string().optional(),
  /** One-based data rows (the header is not counted) of the first offenders, at most ten. */
  rows: z.array(z.int().positive()).max(10),
  /** How many rows break the rule; 1 for a rule about the whole file. */
  count: z.int().positive(),
  /** First offending value, as it stands in the file, cut to 80 characters. */
  example: z.string().optional(),
  /** What came, what was expected and how to mend it. */
  message: z.string().min(1),
});
export type RuleViolation = z.infer<typeof ruleViolation>;

/** Lies beside the raw object's name in the curated bucket under `quarantine/`. */
export const quarantineReport = z.object({
  schemaVersion: z.literal(1),
  project: z.string(),
  rawObject,
  rawUri: s3Uri,
  bytes: z.int().nonnegative(),
  rejectedAt: instant,
  violations: z.array(ruleViolation).min(1),
});
export type QuarantineReport = z.infer<typeof quarantineReport>;
