import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { z } from 'zod';
import { logger } from './logger.ts';

/** One record of a shard, read by its contract. */
export interface StreamItem<Value> {
  /** Place in the shard: a decimal number that rises. */
  readonly sequence: string;
  readonly value: Value;
}

/**
 * A Lambda handler for a Kinesis stream.
 * `handle` gets what is readable, shard by shard and in order. It must tolerate repetition: when it throws, the whole
 * batch comes again. A record that is not JSON, or does not fit `schema`, is left out and reported as failed by the
 * lowest such sequence number, so that the mapping isolates it by bisection and sends it to its on-failure
 * destination. What follows it is handled all the same: a mapping that gives up on the record gives up on the rest of
 * its batch with it, and then nothing is lost.
 */
export function streamConsumer<Schema extends z.ZodType>(
  schema: Schema,
  handle: (shardId: string, items: readonly StreamItem<z.infer<Schema>>[]) => Promise<void>,
) {
  return async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const readable = new Map<string, StreamItem<z.infer<Schema>>[]>();
    const poison: string[] = [];
    for (const record of Records) {
      const sequence = record.kinesis.sequenceNumber;
      const shardId = shardOf(record);
      const read = parseData(schema, record.kinesis.data);
      if ('value' in read) {
        const items = readable.get(shardId) ?? [];
        items.push({ sequence, value: read.value });
        readable.set(shardId, items);
      } else {
        logger.error('record can never be handled', { reason: read.reason, shardId, sequence });
        poison.push(sequence);
      }
    }
    for (const [shardId, items] of readable) await handle(shardId, items);
    const lowest = poison.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))[0];
    return { batchItemFailures: lowest === undefined ? [] : [{ itemIdentifier: lowest }] };
  };
}

/** `eventID` is the shard's id, a colon and the sequence number. */
function shardOf({ eventID }: KinesisStreamRecord): string {
  const shardId = eventID.split(':')[0];
  if (!shardId)
    throw new Error(`the record's eventID is '${eventID}', expected '<shard id>:<sequence number>'`);
  return shardId;
}

function parseData<Schema extends z.ZodType>(
  schema: Schema,
  data: string,
): { value: z.infer<Schema> } | { reason: string } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(data, 'base64')));
  } catch (error) {
    return { reason: `the record is not JSON: ${String(error)}` };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  return { reason: `the record does not fit its contract: ${z.prettifyError(parsed.error)}` };
}
