import { z } from 'zod';

const s3Uri = z.string().regex(/^s3:\/\/[^/]+\/.+$/);

export const env = z.object({
  ARTIFACT_BUCKET: z.string().min(1),
  TRAINING_IMAGE: z.string().min(1),
  TRAINING_ROLE_ARN: z.string().min(1),
  /** KMS key that training outputs are encrypted with. */
  ARTIFACT_KEY_ARN: z.string().min(1),
  /** JSON: project → S3 address of the zip of its `train/` folder. */
  TRAINING_CODE: z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: `expected JSON, ${String(error)}` });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string(), s3Uri)),
});
export type Env = z.infer<typeof env>;
