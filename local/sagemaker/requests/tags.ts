import { z } from 'zod';
import { nextToken, tagList } from './common.ts';

const resourceArn = z
  .string()
  .max(256)
  .regex(/^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+$/);

export const addTagsInput = z.strictObject({ ResourceArn: resourceArn, Tags: tagList });

export const listTagsInput = z.strictObject({
  ResourceArn: resourceArn,
  NextToken: nextToken.optional(),
  MaxResults: z.int().min(50).optional(),
});

export const deleteTagsInput = z.strictObject({
  ResourceArn: resourceArn,
  TagKeys: z.array(z.string().min(1).max(128)).min(1).max(50),
});
