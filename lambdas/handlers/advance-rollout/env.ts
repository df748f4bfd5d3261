import { z } from 'zod';

export const env = z.object({
  ROUTING_TABLE: z.string().min(1),
  MONITORS_TABLE: z.string().min(1),
  /** Multiplies every duration of a project: 1 on AWS, less on a laptop. */
  TIME_SCALE: z.coerce.number().positive(),
});
export type Env = z.infer<typeof env>;
