import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Cloud } from './cloud.ts';

/** An emulator needs no real key, and a developer's own must never be picked up for it. */
export const dummyCredentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

export interface AwsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly dynamo: DynamoDBDocumentClient;
  readonly eventBridge: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly sageMaker: SageMakerClient;
  destroy(): void;
}

/** What every client of a cloud is made with; for a local one nothing ambient can change where it goes or as whom. */
function clientConfig(cloud: Cloud, endpoint: string | undefined) {
  if (cloud.kind === 'aws') return cloud.region === undefined ? {} : { region: cloud.region };
  return {
    region: cloud.region,
    endpoint: endpoint ?? cloud.endpoint,
    credentials: dummyCredentials,
    authSchemePreference: ['sigv4'],
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
}

/** One client for each service. Callers destroy them when done, or their sockets keep the process. */
export function createClients(cloud: Cloud): AwsClients {
  const config = clientConfig(cloud, undefined);
  const sageMakerConfig = cloud.kind === 'local' ? clientConfig(cloud, cloud.sageMakerEndpoint) : config;
  const dynamo = new DynamoDBClient(config);
  const clients = {
    cloudFormation: new CloudFormationClient(config),
    dynamo: DynamoDBDocumentClient.from(dynamo),
    eventBridge: new EventBridgeClient(config),
    // A rollback that was carried out but not heard of must not be carried out again.
    lambda: new LambdaClient({ ...config, maxAttempts: 1 }),
    logs: new CloudWatchLogsClient(config),
    s3: createS3(cloud, config),
    sageMaker: new SageMakerClient(sageMakerConfig),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of [...Object.values(clients), dynamo]) client.destroy();
    },
  };
}

function createS3(cloud: Cloud, config: ReturnType<typeof clientConfig>): S3Client {
  if (cloud.kind === 'aws') return new S3Client(config);
  return new S3Client({
    ...config,
    forcePathStyle: true,
    // A streamed body with a trailing checksum is sent as aws-chunked, which emulators read poorly.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
