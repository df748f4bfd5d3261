import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../../lambdas/contracts/define-event.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import type { MessageFate, UnhandledMessage } from '../../../lambdas/domain/ports/message-fate.ts';
import { on, queueConsumer } from '../../../lambdas/runtime/queue-consumer.ts';

const counted = defineEvent('millrace.test', 'Counted.v1', z.object({ count: z.int() }));
const named = defineEvent('millrace.test', 'Named.v1', z.object({ name: z.string() }));

const message = (detailType: string, detail: unknown, source = 'millrace.test'): string =>
  JSON.stringify({ id: 'event', time: '2026-01-01T00:00:00Z', source, 'detail-type': detailType, detail });

const delivered = (body: string, i: number) => ({
  body,
  messageId: `message-${i}`,
  receiptHandle: `receipt-${i}`,
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:events',
  attributes: { ApproximateReceiveCount: '2' },
});

function setUp(handle: (seen: unknown) => Promise<void> = () => Promise.resolve()) {
  const seen: unknown[] = [];
  const buried: { body: string; reason: string; messageId: string }[] = [];
  const take = async (detail: unknown): Promise<void> => {
    await handle(detail);
    seen.push(detail);
  };
  const postponed: UnhandledMessage[] = [];
  const fate: MessageFate = {
    bury: async ({ body, messageId }, reason) => {
      buried.push({ body, reason, messageId });
    },
    postpone: async (one) => {
      postponed.push(one);
    },
  };
  const consume = queueConsumer([on(counted, take), on(named, take)], fate);
  const deliver = async (...bodies: string[]): Promise<string[]> => {
    const Records = bodies.map(delivered);
    const answer = await consume({ Records } as SQSEvent, {} as Context, () => undefined);
    return (answer as SQSBatchResponse).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { seen, buried, postponed, deliver };
}

describe('a queue of events', () => {
  it('gives each event to the handler of its contract', async () => {
    const { seen, deliver } = setUp();
    expect(await deliver(message('Counted.v1', { count: 1 }), message('Named.v1', { name: 'a' }))).toEqual(
      [],
    );
    expect(seen).toEqual([{ count: 1 }, { name: 'a' }]);
  });

  it('reports only the message that failed, for another try', async () => {
    const { seen, buried, postponed, deliver } = setUp(async (detail) => {
      if (counted.detail.safeParse(detail).data?.count === 2) throw new Error('the table is away');
    });
    const failed = await deliver(...[1, 2, 3].map((count) => message('Counted.v1', { count })));
    expect(failed).toEqual(['message-1']);
    expect(seen).toEqual([{ count: 1 }, { count: 3 }]);
    expect(buried).toEqual([]);
    expect(postponed).toMatchObject([
      {
        messageId: 'message-1',
        receiptHandle: 'receipt-1',
        queueArn: 'arn:aws:sqs:us-east-1:000000000000:events',
        receives: 2,
      },
    ]);
  });

  it.each([
    ['not JSON', '{', /not JSON/],
    ['no event', '{"a":1}', /no EventBridge event/],
    [
      'of another kind',
      message('Other.v1', {}),
      /received millrace\.test 'Other\.v1', expected one of 'Counted\.v1', 'Named\.v1'/,
    ],
    ['of another source', message('Counted.v1', { count: 1 }, 'elsewhere'), /received elsewhere/],
    ['against its contract', message('Counted.v1', { count: 'one' }), /does not fit its contract/],
  ])('buries a message that is %s, with its reason, at once', async (_what, body, reason) => {
    const { seen, buried, deliver } = setUp();
    expect(await deliver(body, message('Named.v1', { name: 'a' }))).toEqual([]);
    expect(buried).toEqual([{ body, reason: expect.stringMatching(reason), messageId: 'message-0' }]);
    expect(seen).toEqual([{ name: 'a' }]);
  });

  it('buries what its handler says can never be handled', async () => {
    const { buried, deliver } = setUp(() => Promise.reject(new PermanentError('there is no such project')));
    expect(await deliver(message('Named.v1', { name: 'a' }))).toEqual([]);
    expect(buried[0]?.reason).toBe('there is no such project');
  });

  it('tries again when burying fails, so that nothing is lost', async () => {
    const fate: MessageFate = {
      bury: () => Promise.reject(new Error('the queue is away')),
      postpone: () => Promise.resolve(),
    };
    const consume = queueConsumer([on(named, () => Promise.resolve())], fate);
    const event = { Records: ['{'].map(delivered) } as SQSEvent;
    await expect(consume(event, {} as Context, () => undefined)).rejects.toThrow('the queue is away');
  });

  it('reports a failed message all the same when it cannot be postponed', async () => {
    const fate: MessageFate = {
      bury: () => Promise.resolve(),
      postpone: () => Promise.reject(new Error('the queue is away')),
    };
    const consume = queueConsumer([on(named, () => Promise.reject(new Error('the table is away')))], fate);
    const event = { Records: [message('Named.v1', { name: 'a' })].map(delivered) } as SQSEvent;
    const answer = await consume(event, {} as Context, () => undefined);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  });
});
