import { delimiter, join } from 'node:path';
import { loopbackEndpoint } from './loopback.ts';

export interface CloudEndpoints {
  /** The emulator, for every service but SageMaker. */
  readonly endpoint: string;
  readonly sageMakerEndpoint?: string;
}

export const localRegion = 'us-east-1';
export const localAccount = '000000000000';

/**
 * The environment of every process of the local cloud: dummy credentials, our endpoints, Node 24 first in PATH.
 * Everything ambient that could lead to real AWS is dropped: profiles, keys, tokens, roles, other endpoints.
 */
export function cloudEnvironment(
  root: string,
  { endpoint, sageMakerEndpoint }: CloudEndpoints,
  ambient: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  loopbackEndpoint(endpoint);
  if (sageMakerEndpoint !== undefined) loopbackEndpoint(sageMakerEndpoint);
  const kept = Object.entries(ambient).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !/^(AWS_|CDK_|LOCALSTACK_|MINISTACK_|POWERTOOLS_)/i.test(entry[0]) &&
      !/_proxy$/i.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: [join(root, 'node_modules/.bin'), ambient['PATH'] ?? ''].join(delimiter),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: localRegion,
    AWS_DEFAULT_REGION: localRegion,
    AWS_ENDPOINT_URL: endpoint,
    ...(sageMakerEndpoint !== undefined && { AWS_ENDPOINT_URL_SAGEMAKER: sageMakerEndpoint }),
    AWS_EC2_METADATA_DISABLED: 'true',
    // Files that do not exist: no profile of the person's is ever read.
    AWS_CONFIG_FILE: join(root, '.millrace/no-aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(root, '.millrace/no-aws-credentials'),
    NO_PROXY: '127.0.0.1,localhost,::1',
  };
}
