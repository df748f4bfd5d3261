import { z } from 'zod';

export const env = z.object({
  LEDGER_TABLE: z.string().min(1),
  /** Tells this deployment from the others of its account, where training jobs share one namespace. */
  DEPLOYMENT: z.string().min(1),
  BURIAL_QUEUE_URL: z.url(),
  /** Multiplies every duration of a project: 1 on AWS, less on a laptop. */
  TIME_SCALE: z.coerce.number().positive(),
});
export type Env = z.infer<typeof env>;
