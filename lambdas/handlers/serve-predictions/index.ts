import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bundledProjects } from '../../adapters/bundled-projects.ts';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { DynamoDbRouting } from '../../adapters/dynamodb-routing.ts';
import { KinesisCapture } from '../../adapters/kinesis-capture.ts';
import { KmsSigner } from '../../adapters/kms-signer.ts';
import { S3ObjectStore } from '../../adapters/s3-object-store.ts';
import { VerifiedModels } from '../../adapters/verified-models.ts';
import { capturePartition } from '../../domain/serving/capture-partition.ts';
import { RoutingCache } from '../../domain/serving/routing-cache.ts';
import { afterResponse } from '../../runtime/after-response.ts';
import { systemClock } from '../../runtime/clock.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { logger } from '../../runtime/logger.ts';
import { env } from './env.ts';
import { servePredictions } from './handler.ts';

const variables = readEnvironment(env);
const elapsedMs = (): number => performance.now();
const warn = (message: string, details: Readonly<Record<string, unknown>>): void =>
  logger.warn(message, { ...details });

// A caller waits for this read when the row is old: better the last known row than a long wait.
const dynamoDb = new DynamoDBClient({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
});
const table = new DynamoDbRouting(
  new DynamoDbRecords(DynamoDBDocumentClient.from(dynamoDb), variables.ROUTING_TABLE),
);
const routing = new RoutingCache({
  read: (project) => table.read(project),
  ttlMs: variables.ROUTING_TTL_MS,
  clock: elapsedMs,
  onFailure: (project, error) => warn('the routing row could not be read', { project, error }),
});

const signer = new KmsSigner(new KMSClient(), variables.SIGNING_KEY_ID);
const models = new VerifiedModels({
  objects: new S3ObjectStore(new S3Client()),
  bucket: variables.ARTIFACT_BUCKET,
  publicKey: () => signer.publicKey(),
  clock: elapsedMs,
  onDisposeFailure: (error) => warn('a model could not be freed', { error }),
});

// The retries are the capture's own, as it knows which records of a batch failed.
const kinesis = new KinesisClient({ maxAttempts: 1, requestHandler: { requestTimeout: 3000 } });
const projects = bundledProjects(process.env['LAMBDA_TASK_ROOT'] ?? process.cwd());
const capture = new KinesisCapture({
  client: kinesis,
  streamName: variables.CAPTURE_STREAM,
  partitionKey: ({ project, inferenceId }) =>
    capturePartition(project, inferenceId, projects[project]?.monitors.partitions ?? 1),
  warn,
});

const flushAfterResponse = await afterResponse({
  work: () => capture.flush(),
  warn,
  runtimeApi: process.env['AWS_LAMBDA_RUNTIME_API'],
});

export const handler = flushAfterResponse(
  servePredictions({
    projects,
    rawBucket: variables.RAW_BUCKET,
    routing: (project) => routing.get(project),
    models,
    capture: (record) => capture.capture(record),
    report: (message, details) => logger.error(message, { ...details }),
    newId: randomUUID,
    now: systemClock,
    elapsedMs,
  }),
);
