import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';

/** What S3 sends to the default bus for a new object version. */
export const objectCreated = defineEvent(
  'aws.s3',
  'Object Created',
  z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({
      key: z.string().min(1),
      /** Absent while versioning is off. The emulator spells an empty one. */
      'version-id': z.string().optional(),
      size: z.number().nonnegative().optional(),
    }),
  }),
);
export type ObjectCreated = DetailOf<typeof objectCreated>;
