import { z } from 'zod';

export const env = z.object({ ROUTING_TABLE: z.string().min(1), LEDGER_TABLE: z.string().min(1) });
export type Env = z.infer<typeof env>;
