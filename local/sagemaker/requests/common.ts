import { z } from 'zod';

/** The API model's patterns are anchored at both ends by the service, and so are these. */
const entityName = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const entityNameSchema = z.string().max(63).regex(entityName);

export const groupNameOrArn = z
  .string()
  .min(1)
  .max(170)
  .regex(/^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:[a-z-]*\/)?[a-zA-Z0-9]([a-zA-Z0-9-]){0,62}(?<!-)$/);

export const packageNameOrArn = z
  .string()
  .min(1)
  .max(176)
  .regex(
    /^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:[a-z-]*\/)?[a-zA-Z0-9]([a-zA-Z0-9-]){0,62}(?<!-)(\/[0-9]{1,9})?$/,
  );

export const s3Uri = z
  .string()
  .max(1024)
  .regex(/^(https|s3):\/\/([^/]+)\/?(.*)$/);

export const kmsKeyId = z
  .string()
  .max(2048)
  .regex(/^[a-zA-Z0-9:/_-]*$/);

export const roleArn = z
  .string()
  .min(20)
  .max(2048)
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/);

export const contentType = z.string().max(256);

export const tag = z.strictObject({
  Key: z.string().min(1).max(128).regex(tagText),
  Value: z.string().max(256).regex(tagText),
});
export type Tag = z.infer<typeof tag>;

export const tagList = z.array(tag).max(50);

export const clientToken = z
  .string()
  .min(1)
  .max(36)
  .regex(/^[a-zA-Z0-9-]+$/);

export const sortOrder = z.enum(['Ascending', 'Descending']);
export const nextToken = z.string().max(8192);
export const maxResults = z.int().min(1).max(100);
export const nameContains = z
  .string()
  .max(63)
  .regex(/^[a-zA-Z0-9-]+$/);

/** Seconds since the epoch, as JSON 1.1 writes timestamps. */
export const timestamp = z.number();
