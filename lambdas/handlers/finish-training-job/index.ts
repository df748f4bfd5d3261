import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { SageMakerTrainingJobs } from '../../adapters/sagemaker-training-jobs.ts';
import { SqsMessageFate } from '../../adapters/sqs-message-fate.ts';
import { StepFunctionsTaskTokens } from '../../adapters/step-functions-task-tokens.ts';
import { trainingJobStateChanged } from '../../contracts/sagemaker-events.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { on, queueConsumer } from '../../runtime/queue-consumer.ts';
import { env } from './env.ts';
import { finishTrainingJob } from './handler.ts';

const { LEDGER_TABLE, BURIAL_QUEUE_URL } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});
const finish = finishTrainingJob({
  records: new DynamoDbRecords(documents, LEDGER_TABLE),
  jobs: new SageMakerTrainingJobs(new SageMakerClient()),
  tasks: new StepFunctionsTaskTokens(new SFNClient()),
});

export const handler = queueConsumer(
  [on(trainingJobStateChanged, finish)],
  SqsMessageFate.of(BURIAL_QUEUE_URL),
);
