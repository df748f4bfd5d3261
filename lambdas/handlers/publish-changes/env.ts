import { z } from 'zod';

export const env = z.object({ EVENT_BUS_NAME: z.string().min(1) });
export type Env = z.infer<typeof env>;
