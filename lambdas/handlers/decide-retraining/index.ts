import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bundledProjects } from '../../adapters/bundled-projects.ts';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { DynamoDbRunLedger } from '../../adapters/dynamodb-run-ledger.ts';
import { SqsMessageFate } from '../../adapters/sqs-message-fate.ts';
import { StepFunctionsExecutionReader } from '../../adapters/step-functions-executions.ts';
import { dataAccepted } from '../../contracts/data-accepted.ts';
import { driftDetected } from '../../contracts/drift-detected.ts';
import { retrainingAsked } from '../../contracts/retraining-asked.ts';
import { driftCause, newDataCause, personCause } from '../../domain/retraining/cause.ts';
import { systemClock } from '../../runtime/clock.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { on, queueConsumer } from '../../runtime/queue-consumer.ts';
import { env } from './env.ts';
import { answerCause } from './handler.ts';

const { LEDGER_TABLE, BURIAL_QUEUE_URL, TIME_SCALE, DEPLOYMENT } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});
const records = new DynamoDbRecords(documents, LEDGER_TABLE);
const answer = answerCause({
  records,
  ledger: new DynamoDbRunLedger(records),
  executions: new StepFunctionsExecutionReader(new SFNClient()),
  projects: bundledProjects(process.env['LAMBDA_TASK_ROOT'] ?? '.'),
  now: systemClock,
  timeScale: TIME_SCALE,
});

export const handler = queueConsumer(
  [
    on(dataAccepted, (detail) => answer(newDataCause(DEPLOYMENT, detail))),
    on(driftDetected, (detail) => answer(driftCause(DEPLOYMENT, detail))),
    on(retrainingAsked, (detail) => answer(personCause(DEPLOYMENT, detail))),
  ],
  SqsMessageFate.of(BURIAL_QUEUE_URL),
);
