import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bundledProjects } from '../../adapters/bundled-projects.ts';
import { DuckDbUploadConverter } from '../../adapters/duckdb-upload-converter.ts';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { S3ObjectStore } from '../../adapters/s3-object-store.ts';
import { SqsMessageFate } from '../../adapters/sqs-message-fate.ts';
import { objectCreated } from '../../contracts/s3-events.ts';
import { systemClock } from '../../runtime/clock.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { on, queueConsumer } from '../../runtime/queue-consumer.ts';
import { env } from './env.ts';
import { ingestObject } from './handler.ts';

const { LEDGER_TABLE, CURATED_BUCKET, BURIAL_QUEUE_URL } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});

const ingest = ingestObject({
  projects: bundledProjects(process.env['LAMBDA_TASK_ROOT'] ?? '.'),
  records: new DynamoDbRecords(documents, LEDGER_TABLE),
  objects: new S3ObjectStore(new S3Client()),
  // Two threads are what a function of 1769 to 3538 MB has; one million rows of 31 columns need no more memory.
  converter: new DuckDbUploadConverter({ memoryLimitMiB: 512, threads: 2 }),
  curatedBucket: CURATED_BUCKET,
  now: systemClock,
});

export const handler = queueConsumer([on(objectCreated, ingest)], SqsMessageFate.of(BURIAL_QUEUE_URL));
