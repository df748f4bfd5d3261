import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Deployment } from './support/deployment.ts';
import { mappingsOf } from './support/functions.ts';
import { only, resourcesOf } from './support/resources.ts';
import { deploymentOf } from './support/synthesis.ts';

const queue = z.object({
  VisibilityTimeout: z.number().default(30),
  MessageRetentionPeriod: z.number().optional(),
  SqsManagedSseEnabled: z.boolean().optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }).optional(),
});
const alarm = z.object({
  /** Absent where an alarm is on an expression. */
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Threshold: z.number(),
  ComparisonOperator: z.string(),
  TreatMissingData: z.string(),
});

const secondsOf14Days = 14 * 24 * 3600;

function queueByArn(deployment: Deployment, arn: string | undefined) {
  return only(
    resourcesOf(deployment, 'AWS::SQS::Queue', queue).filter((each) => each.arn === arn),
    `queue ${String(arn)}`,
  );
}

function alarmOn(deployment: Deployment, queueArn: string) {
  const name = `${queueByArn(deployment, queueArn).arn}#AWS::SQS::Queue.QueueName`;
  return only(
    resourcesOf(deployment, 'AWS::CloudWatch::Alarm', alarm).filter(({ properties }) =>
      properties.Dimensions.some(({ Value }) => Value === name),
    ),
    `alarm on ${name}`,
  );
}

describe.each(['prod', 'local'] as const)('in %s', (environment) => {
  const deployment = deploymentOf(environment);
  const mappings = mappingsOf(deployment);
  const named = (services: readonly string[]) =>
    mappings
      .filter(({ service }) => services.includes(service))
      .map((mapping) => ({ ...mapping, of: mapping.function.handler }));

  describe.each(named(['sqs']))('$of, fed by a queue', (mapping) => {
    const source = queueByArn(deployment, mapping.properties.EventSourceArn);

    it('answers for each message alone', () => {
      expect(mapping.properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    });

    it('has time to finish before a message is delivered again', () => {
      expect(source.properties.VisibilityTimeout).toBeGreaterThanOrEqual(
        6 * mapping.function.properties.Timeout,
      );
    });

    it('gives a message up after five tries, to a queue that keeps it for two weeks', () => {
      expect(source.properties.RedrivePolicy?.maxReceiveCount).toBe(5);
      const deadLetters = queueByArn(deployment, source.properties.RedrivePolicy?.deadLetterTargetArn);
      expect(deadLetters.properties.MessageRetentionPeriod).toBe(secondsOf14Days);
      expect(deadLetters.properties.SqsManagedSseEnabled).toBe(true);
      expect(mapping.function.properties.Environment.Variables['BURIAL_QUEUE_URL']).toBe(deadLetters.ref);
    });
  });

  describe.each(named(['dynamodb', 'kinesis']))('$of, fed by a stream', (mapping) => {
    const { properties } = mapping;

    it('does not let one bad record stall its shard', () => {
      expect(properties.BisectBatchOnFunctionError).toBe(true);
      expect(properties.MaximumRetryAttempts).toBeGreaterThan(0);
      expect(properties.MaximumRecordAgeInSeconds).toBeGreaterThan(0);
      queueByArn(deployment, properties.DestinationConfig?.OnFailure.Destination);
    });

    it('is read as it answers: by its failed records, or by throwing', () => {
      // publish-changes announces in order, so a failure fails what follows it: it throws, and its answer is empty.
      const expected = mapping.of === 'publish-changes' ? [] : ['ReportBatchItemFailures'];
      expect(properties.FunctionResponseTypes).toEqual(expected);
    });

    it('reads a shard in order, one batch at a time', () => {
      expect(properties.ParallelizationFactor ?? 1).toBe(1);
    });
  });

  const lastResorts = [
    ...new Set(
      mappings.map(
        ({ service, properties }) =>
          (service === 'sqs'
            ? queueByArn(deployment, properties.EventSourceArn).properties.RedrivePolicy?.deadLetterTargetArn
            : properties.DestinationConfig?.OnFailure.Destination) ?? 'none',
      ),
    ),
  ];

  it.each(lastResorts)('a message in %s is told', (arn) => {
    const { properties } = alarmOn(deployment, arn);
    expect(properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});
