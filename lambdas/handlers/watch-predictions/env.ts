import { z } from 'zod';

export const env = z.object({ MONITORS_TABLE: z.string().min(1), ROUTING_TABLE: z.string().min(1) });
export type Env = z.infer<typeof env>;
