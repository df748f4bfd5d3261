import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { functionsOf, mappingsOf } from './support/functions.ts';
import { policyDocument } from './support/permissions.ts';
import { only, resourcesOf } from './support/resources.ts';
import { subscriptionsByHandler } from './support/subscriptions.ts';
import { deploymentOf } from './support/synthesis.ts';

const rule = z.object({
  EventBusName: z.string().optional(),
  EventPattern: z.strictObject({
    source: z.array(z.string()).length(1),
    'detail-type': z.array(z.string()).length(1),
    detail: z.record(z.string(), z.unknown()).optional(),
  }),
  State: z.literal('ENABLED'),
  Targets: z.array(z.object({ Arn: z.string(), DeadLetterConfig: z.object({ Arn: z.string() }) })).length(1),
});
const queuePolicy = z.object({ Queues: z.array(z.string()), PolicyDocument: policyDocument });

const subscriptions = await subscriptionsByHandler();

/** Details that a content filter lets through: one for each value that it names. */
function matchingDetails(filter: Readonly<Record<string, unknown>>): readonly Record<string, unknown>[] {
  return Object.entries(filter).flatMap(([name, allowed]) =>
    Array.isArray(allowed)
      ? allowed.map((value: unknown) => ({ [name]: value }))
      : matchingDetails(z.record(z.string(), z.unknown()).parse(allowed)).map((value) => ({ [name]: value })),
  );
}

describe.each(['prod', 'local'] as const)('in %s', (environment) => {
  const deployment = deploymentOf(environment);
  const bus = only(resourcesOf(deployment, 'AWS::Events::EventBus', z.unknown()), 'event bus').ref;
  const consumerOf = new Map(
    mappingsOf(deployment)
      .filter(({ service }) => service === 'sqs')
      .map((mapping) => [mapping.properties.EventSourceArn, mapping.function.handler]),
  );
  const rules = resourcesOf(deployment, 'AWS::Events::Rule', rule).map(({ id, arn, properties }) => {
    const [target] = properties.Targets;
    return {
      id,
      arn,
      source: properties.EventPattern.source[0] ?? '',
      detailType: properties.EventPattern['detail-type'][0] ?? '',
      filter: properties.EventPattern.detail ?? {},
      bus: properties.EventBusName,
      queue: target?.Arn ?? '',
      handler: consumerOf.get(target?.Arn ?? ''),
    };
  });
  const deployed = functionsOf(deployment)
    .map(({ handler }) => handler)
    .filter((handler) => subscriptions.has(handler));

  const consumed = deployed.flatMap((handler) =>
    (subscriptions.get(handler) ?? []).map(({ source, detailType }) => ({ handler, source, detailType })),
  );
  const delivered = rules.map(({ handler, source, detailType }) => ({ handler, source, detailType }));
  const order = (items: readonly object[]) =>
    items.map((item) => JSON.stringify(item, ['handler', 'source', 'detailType'])).toSorted();

  it('every event that a handler understands is delivered to it, and it is delivered no other', () => {
    expect(order(delivered)).toEqual(order(consumed));
  });

  it('our own events are waited for on our bus, those of AWS on the default one', () => {
    expect(rules.filter(({ source }) => source.startsWith('millrace.')).map((each) => each.bus)).toEqual(
      rules.filter(({ source }) => source.startsWith('millrace.')).map(() => bus),
    );
    expect(rules.filter(({ source }) => source.startsWith('aws.')).filter((each) => each.bus)).toEqual([]);
    expect(rules.filter(({ source }) => !/^(aws|millrace)\./.test(source))).toEqual([]);
  });

  it.each(rules.filter(({ filter }) => Object.keys(filter).length > 0))(
    '$id lets through what the contract of $detailType can say',
    ({ handler, detailType, filter }) => {
      const contract = subscriptions.get(handler ?? '')?.find((each) => each.detailType === detailType);
      for (const detail of matchingDetails(filter)) {
        expect(contract?.detail.partial().safeParse(detail)).toMatchObject({ success: true, data: detail });
      }
    },
  );

  it.each(rules)('$id may send to its queue', ({ arn, queue }) => {
    const url = only(
      resourcesOf(deployment, 'AWS::SQS::Queue', z.unknown()).filter((each) => each.arn === queue),
      'queue',
    ).ref;
    const { properties } = only(
      resourcesOf(deployment, 'AWS::SQS::QueuePolicy', queuePolicy).filter((each) =>
        each.properties.Queues.includes(url),
      ),
      'queue policy',
    );
    const sender = properties.PolicyDocument.Statement.find(
      ({ Effect, Action, Condition }) =>
        Effect === 'Allow' && Action.includes('sqs:SendMessage') && JSON.stringify(Condition).includes(arn),
    );
    expect(sender?.Principal).toEqual({ Service: 'events.amazonaws.com' });
  });
});
