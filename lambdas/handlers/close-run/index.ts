import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { DynamoDbRunLedger } from '../../adapters/dynamodb-run-ledger.ts';
import { SqsMessageFate } from '../../adapters/sqs-message-fate.ts';
import { StepFunctionsExecutionReader } from '../../adapters/step-functions-executions.ts';
import { executionStatusChanged } from '../../contracts/step-functions-events.ts';
import { systemClock } from '../../runtime/clock.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { on, queueConsumer } from '../../runtime/queue-consumer.ts';
import { env } from './env.ts';
import { closeEndedExecution } from './handler.ts';

const { LEDGER_TABLE, BURIAL_QUEUE_URL } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});
const close = closeEndedExecution({
  ledger: new DynamoDbRunLedger(new DynamoDbRecords(documents, LEDGER_TABLE)),
  executions: new StepFunctionsExecutionReader(new SFNClient()),
  now: systemClock,
});

export const handler = queueConsumer(
  [on(executionStatusChanged, close)],
  SqsMessageFate.of(BURIAL_QUEUE_URL),
);
