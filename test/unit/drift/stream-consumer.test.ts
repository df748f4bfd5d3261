import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { streamConsumer, type StreamItem } from '../../../lambdas/runtime/stream-consumer.ts';
import { kinesisEvent } from '../../builders/kinesis-event.ts';

const schema = z.object({ value: z.number() });

function consumer() {
  const handled: [string, StreamItem<{ value: number }>[]][] = [];
  const consume = streamConsumer(schema, async (shardId, items) => {
    handled.push([shardId, [...items]]);
  });
  return { consume, handled };
}

describe('a batch from a stream', () => {
  it('reaches the handler in order, with its shard', async () => {
    const { consume, handled } = consumer();
    const answer = await consume(
      kinesisEvent(
        [
          { sequence: '9', body: { value: 1 } },
          { sequence: '10', body: { value: 2 } },
        ],
        'shardId-7',
      ),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual([
      [
        'shardId-7',
        [
          { sequence: '9', value: { value: 1 } },
          { sequence: '10', value: { value: 2 } },
        ],
      ],
    ]);
  });

  it.each([
    ['what is not JSON', '{"value":'],
    ['what does not fit the contract', { value: 'one' }],
    ['nothing', ''],
  ])('reports %s by the lowest sequence number, and loses nothing around it', async (_what, body) => {
    const { consume, handled } = consumer();
    const answer = await consume(
      kinesisEvent([
        { sequence: '8', body: { value: 1 } },
        { sequence: '9', body },
        { sequence: '10', body: { value: 2 } },
        { sequence: '11', body },
      ]),
    );
    // As text, '10' would sort before '9'.
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '9' }] });
    expect(handled[0]?.[1].map(({ sequence }) => sequence)).toEqual(['8', '10']);
  });

  it('refuses bytes that are no UTF-8', async () => {
    const { consume } = consumer();
    const event = kinesisEvent([{ sequence: '1', body: '' }]);
    for (const record of event.Records)
      record.kinesis.data = Buffer.from([0x22, 0xff, 0x22]).toString('base64');
    expect(await consume(event)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  });

  it('comes again as a whole when the handler fails', async () => {
    const consume = streamConsumer(schema, () => Promise.reject(new Error('the table is throttled')));
    await expect(consume(kinesisEvent([{ sequence: '1', body: { value: 1 } }]))).rejects.toThrow('throttled');
  });
});
