import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SageMakerPackageReader } from '../../adapters/sagemaker-package-reader.ts';
import { SqsMessageFate } from '../../adapters/sqs-message-fate.ts';
import { StepFunctionsExecutions } from '../../adapters/step-functions-executions.ts';
import { modelPackageStateChanged } from '../../contracts/sagemaker-events.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { on, queueConsumer } from '../../runtime/queue-consumer.ts';
import { env } from './env.ts';
import { startRollout } from './handler.ts';

const { MODEL_PACKAGE_GROUP_PREFIX, ROLLOUT_MACHINE_ARN, BURIAL_QUEUE_URL } = readEnvironment(env);

const start = startRollout({
  packages: new SageMakerPackageReader(new SageMakerClient()),
  executions: new StepFunctionsExecutions(new SFNClient(), ROLLOUT_MACHINE_ARN),
  groupPrefix: MODEL_PACKAGE_GROUP_PREFIX,
});

export const handler = queueConsumer(
  [on(modelPackageStateChanged, start)],
  SqsMessageFate.of(BURIAL_QUEUE_URL),
);
