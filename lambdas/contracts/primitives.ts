import { z } from 'zod';

/** Name of an ML project: also its folder, its S3 prefix and its model package group's suffix. */
export const projectName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a project name is lower-case words joined by hyphens')
  .max(40);

/** Name of an execution of the training machine, and of its training job: at most 63 characters. */
export const runId = z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);

/** Version of a model package within its group: 1, 2, 3 … as the registry numbers them. */
export const modelVersion = z.int().positive();

/** SHA-256, lower-case hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Instant, ISO 8601 in UTC. */
export const instant = z.iso.datetime();

export const s3Uri = z.string().regex(/^s3:\/\/[^/]+\/.+$/, 'an S3 address looks like s3://bucket/key');

/** One version of one object in the raw zone: raw objects never change, so this names bytes for ever. */
export const rawObject = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  versionId: z.string().min(1),
});
export type RawObject = z.infer<typeof rawObject>;
