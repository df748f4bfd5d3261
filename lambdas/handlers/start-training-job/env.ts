import { z } from 'zod';

export const env = z.object({ LEDGER_TABLE: z.string().min(1) });
export type Env = z.infer<typeof env>;
