import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bundledProjects } from '../../adapters/bundled-projects.ts';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { buryInQueue } from '../../adapters/sqs-burial.ts';
import { dataAccepted } from '../../contracts/data-accepted.ts';
import { driftDetected } from '../../contracts/drift-detected.ts';
import { retrainingAsked } from '../../contracts/retraining-asked.ts';
import { driftCause, newDataCause, personCause } from '../../domain/retraining/cause.ts';
import { systemClock } from '../../runtime/clock.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { on, queueConsumer } from '../../runtime/queue-consumer.ts';
import { env } from './env.ts';
import { answerCause } from './handler.ts';

const { LEDGER_TABLE, BURIAL_QUEUE_URL, TIME_SCALE } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});
const answer = answerCause({
  records: new DynamoDbRecords(documents, LEDGER_TABLE),
  projects: bundledProjects(process.env['LAMBDA_TASK_ROOT'] ?? '.'),
  now: systemClock,
  timeScale: TIME_SCALE,
});

export const handler = queueConsumer(
  [
    on(dataAccepted, (detail) => answer(newDataCause(detail))),
    on(driftDetected, (detail) => answer(driftCause(detail))),
    on(retrainingAsked, (detail) => answer(personCause(detail))),
  ],
  buryInQueue(new SQSClient(), BURIAL_QUEUE_URL),
);
