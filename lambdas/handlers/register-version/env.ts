import { z } from 'zod';

export const env = z.object({
  LEDGER_TABLE: z.string().min(1),
  SIGNING_KEY_ID: z.string().min(1),
  /** A project's group is `<prefix>-<project>`. */
  MODEL_PACKAGE_GROUP_PREFIX: z.string().min(1),
});
export type Env = z.infer<typeof env>;
