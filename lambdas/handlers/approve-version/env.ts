import { z } from 'zod';

export const env = z.object({
  /** A project's group is `<prefix>-<project>`. */
  MODEL_PACKAGE_GROUP_PREFIX: z.string().min(1),
  BURIAL_QUEUE_URL: z.url(),
});
export type Env = z.infer<typeof env>;
