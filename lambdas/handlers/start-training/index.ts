import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { SqsMessageFate } from '../../adapters/sqs-message-fate.ts';
import { StepFunctionsExecutions } from '../../adapters/step-functions-executions.ts';
import { retrainingRequested } from '../../contracts/retraining-requested.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { on, queueConsumer } from '../../runtime/queue-consumer.ts';
import { env } from './env.ts';
import { startTraining } from './handler.ts';

const { LEDGER_TABLE, TRAINING_MACHINE_ARN, BURIAL_QUEUE_URL } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});
const start = startTraining({
  records: new DynamoDbRecords(documents, LEDGER_TABLE),
  executions: new StepFunctionsExecutions(new SFNClient(), TRAINING_MACHINE_ARN),
});

export const handler = queueConsumer([on(retrainingRequested, start)], SqsMessageFate.of(BURIAL_QUEUE_URL));
