import { z } from 'zod';

export const env = z.object({
  ROUTING_TABLE: z.string().min(1),
  ARTIFACT_BUCKET: z.string().min(1),
  RAW_BUCKET: z.string().min(1),
  /** Id, ARN or alias of the KMS key that models are signed by. */
  SIGNING_KEY_ID: z.string().min(1),
  /** Name of the Kinesis stream. */
  CAPTURE_STREAM: z.string().min(1),
  /** How long a routing row is taken as read, in milliseconds. */
  ROUTING_TTL_MS: z.coerce.number().int().positive().default(1000),
});
/** As given, not as read: what has a default may be left out. */
export type Env = z.input<typeof env>;
