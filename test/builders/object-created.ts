import type { ObjectCreated } from '../../lambdas/contracts/s3-events.ts';

/** The event of an upload to the bucket `raw`. */
export function objectCreatedEvent(key: string, versionId?: string): ObjectCreated {
  return {
    bucket: { name: 'raw' },
    object: { key, ...(versionId === undefined ? {} : { 'version-id': versionId }) },
  };
}
