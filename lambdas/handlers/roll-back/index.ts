import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { DynamoDbRouting } from '../../adapters/dynamodb-routing.ts';
import { systemClock } from '../../runtime/clock.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { env } from './env.ts';
import { rollBackModel } from './handler.ts';

const { ROUTING_TABLE, LEDGER_TABLE } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});

export const handler = rollBackModel({
  routing: new DynamoDbRouting(new DynamoDbRecords(documents, ROUTING_TABLE)),
  ledger: new DynamoDbRecords(documents, LEDGER_TABLE),
  now: systemClock,
});
