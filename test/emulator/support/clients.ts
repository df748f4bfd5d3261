import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';

export type RawClients = ReturnType<typeof createRawClients>;

/** Clients of the services that the command line has no need of. Keys are dummies, whatever the environment says. */
export function createRawClients({
  endpoint,
  region,
}: {
  readonly endpoint: string;
  readonly region: string;
}) {
  const config = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const clients = {
    eventBridge: new EventBridgeClient(config),
    kinesis: new KinesisClient(config),
    kms: new KMSClient(config),
    lambda: new LambdaClient(config),
    states: new SFNClient(config),
    queues: new SQSClient(config),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
