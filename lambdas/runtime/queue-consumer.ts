import type { SQSBatchResponse, SQSEvent, SQSHandler } from 'aws-lambda';
import { z } from 'zod';
import type { EventContract } from '../contracts/define-event.ts';
import { PermanentError } from '../domain/errors.ts';
import { logger } from './logger.ts';

/** What a consumer is told of an event besides its detail. */
export interface EventMetadata {
  /** EventBridge's id of the event: the same when it is delivered twice. */
  readonly id: string;
  /** ISO 8601, to the second, as the bus stamped it. */
  readonly time: string;
}

/** Takes an event that fits no contract, or can never be handled, out of circulation without losing it. */
export type Bury = (message: { body: string; reason: string; messageId: string }) => Promise<void>;

type AnyContract = EventContract<string, string, z.ZodType>;

/** One contract with what to do about its events. */
export interface Subscription {
  readonly contract: AnyContract;
  readonly handle: (detail: never, metadata: EventMetadata) => Promise<void>;
}

/** Pairs a contract with its handler, so that the handler's parameter is the contract's detail. */
export function on<Schema extends z.ZodType>(
  contract: EventContract<string, string, Schema>,
  handle: (detail: z.infer<Schema>, metadata: EventMetadata) => Promise<void>,
): Subscription {
  return { contract, handle };
}

const envelope = z.object({
  id: z.string().min(1),
  time: z.string().min(1),
  source: z.string(),
  'detail-type': z.string(),
  detail: z.unknown(),
});

/**
 * A Lambda handler for a queue behind an EventBridge rule.
 * Each message succeeds or fails alone (partial batch response). A `PermanentError` and a message that fits no
 * contract are buried with their reason, at once; any other exception leaves the message for another try, until
 * the queue's redrive policy sends it to the dead-letter queue.
 */
export function queueConsumer(subscriptions: readonly Subscription[], bury: Bury): SQSHandler {
  async function consume(body: string): Promise<void> {
    const event = parseEnvelope(body);
    const subscription = subscriptions.find(
      ({ contract }) => contract.source === event.source && contract.detailType === event['detail-type'],
    );
    if (!subscription) {
      throw new PermanentError(
        `received ${event.source} '${event['detail-type']}', expected one of ` +
          subscriptions.map(({ contract }) => `'${contract.detailType}'`).join(', '),
      );
    }
    const detail = subscription.contract.detail.safeParse(event.detail);
    if (!detail.success) {
      throw new PermanentError(
        `'${event['detail-type']}' does not fit its contract: ${z.prettifyError(detail.error)}`,
      );
    }
    await subscription.handle(detail.data as never, { id: event.id, time: event.time });
  }

  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { body, messageId } of event.Records) {
      try {
        await consume(body);
      } catch (error) {
        if (error instanceof PermanentError) {
          logger.error('message buried: it can never be handled', { error, messageId });
          await bury({ body, reason: error.message, messageId });
        } else {
          logger.warn('message failed and will be tried again', { error, messageId });
          batchItemFailures.push({ itemIdentifier: messageId });
        }
      }
    }
    return { batchItemFailures };
  };
}

function parseEnvelope(body: string): z.infer<typeof envelope> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw new PermanentError(`the message is not JSON: ${String(error)}`);
  }
  const parsed = envelope.safeParse(json);
  if (!parsed.success) {
    throw new PermanentError(`the message is no EventBridge event: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
