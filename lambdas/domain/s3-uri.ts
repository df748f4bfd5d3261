import { PermanentError } from './errors.ts';

export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** Takes `s3://bucket/key` apart. @throws PermanentError on anything else */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri);
  if (!match?.[1] || !match[2])
    throw new PermanentError(`'${uri}' is no S3 address: expected s3://bucket/key`);
  return { bucket: match[1], key: match[2] };
}

export function s3Uri(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}
