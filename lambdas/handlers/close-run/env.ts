import { z } from 'zod';

export const env = z.object({ LEDGER_TABLE: z.string().min(1), BURIAL_QUEUE_URL: z.url() });
export type Env = z.infer<typeof env>;
