import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bundledProjects } from '../../adapters/bundled-projects.ts';
import { DynamoDbMonitors } from '../../adapters/dynamodb-monitors.ts';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { DynamoDbRouting } from '../../adapters/dynamodb-routing.ts';
import { systemClock } from '../../runtime/clock.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { env } from './env.ts';
import { advanceRollout } from './handler.ts';

const { ROUTING_TABLE, MONITORS_TABLE, TIME_SCALE } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});

export const handler = advanceRollout({
  projects: bundledProjects(process.env['LAMBDA_TASK_ROOT'] ?? '.'),
  routing: new DynamoDbRouting(new DynamoDbRecords(documents, ROUTING_TABLE)),
  monitors: new DynamoDbMonitors(new DynamoDbRecords(documents, MONITORS_TABLE)),
  now: systemClock,
  timeScale: TIME_SCALE,
});
