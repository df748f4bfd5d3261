import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { SageMakerTrainingJobs } from '../../adapters/sagemaker-training-jobs.ts';
import { StepFunctionsTaskTokens } from '../../adapters/step-functions-task-tokens.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { env } from './env.ts';
import { startTrainingJob } from './handler.ts';

const { LEDGER_TABLE } = readEnvironment(env);

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});

export const handler = startTrainingJob({
  records: new DynamoDbRecords(documents, LEDGER_TABLE),
  jobs: new SageMakerTrainingJobs(new SageMakerClient()),
  tasks: new StepFunctionsTaskTokens(new SFNClient()),
});
