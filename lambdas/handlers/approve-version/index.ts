import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { bundledProjects } from '../../adapters/bundled-projects.ts';
import { SageMakerModelRegistry } from '../../adapters/sagemaker-model-registry.ts';
import { SqsMessageFate } from '../../adapters/sqs-message-fate.ts';
import { modelPackageStateChanged } from '../../contracts/sagemaker-events.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { on, queueConsumer } from '../../runtime/queue-consumer.ts';
import { env } from './env.ts';
import { approveVersion } from './handler.ts';

const { MODEL_PACKAGE_GROUP_PREFIX, BURIAL_QUEUE_URL } = readEnvironment(env);

const approve = approveVersion({
  registry: new SageMakerModelRegistry(new SageMakerClient()),
  projects: bundledProjects(process.env['LAMBDA_TASK_ROOT'] ?? '.'),
  groupPrefix: MODEL_PACKAGE_GROUP_PREFIX,
});

export const handler = queueConsumer(
  [on(modelPackageStateChanged, approve)],
  SqsMessageFate.of(BURIAL_QUEUE_URL),
);
