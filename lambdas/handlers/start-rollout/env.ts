import { z } from 'zod';

export const env = z.object({
  /** A project's package group is this, a hyphen and the project's name. */
  MODEL_PACKAGE_GROUP_PREFIX: z.string().min(1),
  ROLLOUT_MACHINE_ARN: z.string().min(1),
  BURIAL_QUEUE_URL: z.url(),
});
export type Env = z.infer<typeof env>;
