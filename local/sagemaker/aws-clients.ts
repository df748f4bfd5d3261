import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';

/** The emulator needs no real key, and a developer's own must never be picked up from the environment. */
export const dummyCredentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

export interface AwsClients {
  readonly s3: S3Client;
  readonly eventBridge: EventBridgeClient;
  readonly logs: CloudWatchLogsClient;
}

export function createAwsClients(endpoint: string, region: string): AwsClients {
  const config = { endpoint, region, credentials: dummyCredentials };
  return {
    // Bodies are streamed from disk; a trailing checksum would turn them into aws-chunked, which emulators read poorly.
    s3: new S3Client({
      ...config,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
    eventBridge: new EventBridgeClient({ ...config, maxAttempts: 1 }),
    logs: new CloudWatchLogsClient({ ...config, maxAttempts: 2 }),
  };
}

export function destroyAwsClients(clients: AwsClients): void {
  clients.s3.destroy();
  clients.eventBridge.destroy();
  clients.logs.destroy();
}
