import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bundledProjects } from '../../adapters/bundled-projects.ts';
import { DynamoDbMonitors } from '../../adapters/dynamodb-monitors.ts';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { DynamoDbRouting } from '../../adapters/dynamodb-routing.ts';
import { ModelBaselines } from '../../adapters/model-baselines.ts';
import { S3ObjectStore } from '../../adapters/s3-object-store.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { env } from './env.ts';
import { watchPredictions } from './handler.ts';

const { MONITORS_TABLE, ROUTING_TABLE } = readEnvironment(env);
const client = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});

export const handler = watchPredictions({
  projects: bundledProjects(process.env['LAMBDA_TASK_ROOT'] ?? '.'),
  monitors: new DynamoDbMonitors(new DynamoDbRecords(client, MONITORS_TABLE)),
  routing: new DynamoDbRouting(new DynamoDbRecords(client, ROUTING_TABLE)),
  baselines: new ModelBaselines(new S3ObjectStore(new S3Client())),
});
