import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { KmsSigner } from '../../adapters/kms-signer.ts';
import { S3ObjectStore } from '../../adapters/s3-object-store.ts';
import { SageMakerModelRegistry } from '../../adapters/sagemaker-model-registry.ts';
import { systemClock } from '../../runtime/clock.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { env } from './env.ts';
import { registerVersion } from './handler.ts';

const { LEDGER_TABLE, SIGNING_KEY_ID, MODEL_PACKAGE_GROUP_PREFIX } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});

export const handler = registerVersion({
  records: new DynamoDbRecords(documents, LEDGER_TABLE),
  objects: new S3ObjectStore(new S3Client()),
  signer: new KmsSigner(new KMSClient(), SIGNING_KEY_ID),
  registry: new SageMakerModelRegistry(new SageMakerClient()),
  groupPrefix: MODEL_PACKAGE_GROUP_PREFIX,
  now: systemClock,
});
