import { z } from 'zod';

export const env = z.object({
  LEDGER_TABLE: z.string().min(1),
  CURATED_BUCKET: z.string().min(1),
  /** Dead-letter queue of this consumer. */
  BURIAL_QUEUE_URL: z.url(),
});
export type Env = z.infer<typeof env>;
