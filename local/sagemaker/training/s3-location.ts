export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** `s3://bucket/some/key`. Throws for https URIs, which the emulator's buckets do not have. */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error(`'${uri}' is not an S3 URI; expected s3://bucket/key`);
  }
  return { bucket: match[1], key: match[2] };
}

/** `s3://b/p` and `x/y` → `s3://b/p/x/y`, with or without a slash at the seam. */
export const joinS3 = (base: string, path: string): string => `${base.replace(/\/+$/, '')}/${path}`;
