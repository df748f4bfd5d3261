import { expect, test } from 'vitest';
import { dataAccepted } from '../../../lambdas/contracts/data-accepted.ts';
import { driftDetected } from '../../../lambdas/contracts/drift-detected.ts';
import { retrainingAsked } from '../../../lambdas/contracts/retraining-asked.ts';
import { retrainingRequested } from '../../../lambdas/contracts/retraining-requested.ts';
import { objectCreated } from '../../../lambdas/contracts/s3-events.ts';
import {
  modelPackageStateChanged,
  trainingJobStateChanged,
} from '../../../lambdas/contracts/sagemaker-events.ts';
import { executionStatusChanged } from '../../../lambdas/contracts/step-functions-events.ts';
import { snapshot } from '../support/snapshot.ts';
import type { World } from '../support/world.ts';

export function repeatedEvents(world: World): void {
  const { events, consumers, millrace } = world;
  const trainings = millrace.outputs.training.TrainingMachineArn;

  /** Each consumer, with the messages that its rules ever delivered to it. */
  const deliveries: readonly (readonly [string, () => Promise<readonly { readonly body: string }[]>])[] = [
    ['ingest-object', () => events.of(objectCreated, ({ bucket }) => bucket.name === rawBucket())],
    [
      'decide-retraining',
      async () => [
        ...(await events.of(dataAccepted)),
        ...(await events.of(driftDetected)),
        ...(await events.of(retrainingAsked)),
      ],
    ],
    ['start-training', () => events.of(retrainingRequested)],
    [
      'finish-training-job',
      () =>
        events.of(trainingJobStateChanged, ({ TrainingJobStatus: status }) =>
          ['Completed', 'Failed', 'Stopped'].includes(status),
        ),
    ],
    [
      'close-run',
      () =>
        events.of(
          executionStatusChanged,
          ({ stateMachineArn, status }) => stateMachineArn === trainings && status !== 'RUNNING',
        ),
    ],
    ['approve-version', () => packages('PendingManualApproval')],
    ['start-rollout', () => packages('Approved')],
  ];

  const rawBucket = (): string => millrace.outputs.data.RawBucketName;
  const packages = (approval: string) =>
    events.of(modelPackageStateChanged, ({ ModelApprovalStatus }) => ModelApprovalStatus === approval);

  test.each(deliveries)(
    'all that %s was ever told, told again backwards, changes nothing',
    async (handler, told) => {
      const bodies = (await told()).map(({ body }) => body);
      expect(bodies.length).toBeGreaterThan(0);
      const before = await snapshot(world);
      await consumers.deliver(handler, ...bodies.toReversed());
      expect(await snapshot(world)).toEqual(before);
      expect(await consumers.deadLetters(handler)).toBe(0);
    },
  );
}
