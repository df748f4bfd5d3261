import type { SQSBatchResponse, SQSEvent, SQSHandler, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { EventContract } from '../contracts/define-event.ts';
import { PermanentError } from '../domain/errors.ts';
import type { MessageFate, UnhandledMessage } from '../domain/ports/message-fate.ts';
import { logger } from './logger.ts';

/** What a consumer is told of an event besides its detail. */
export interface EventMetadata {
  /** EventBridge's id of the event: the same when it is delivered twice. */
  readonly id: string;
  /** ISO 8601, to the second, as the bus stamped it. */
  readonly time: string;
}

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
 * contract are buried with their reason, at once; any other exception postpones the message to another try, until
 * the queue's redrive policy sends it to the dead-letter queue.
 */
export function queueConsumer(subscriptions: readonly Subscription[], fate: MessageFate): SQSHandler {
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

  /** Without its pause a message comes again all the same, after the queue's own time. */
  async function postpone(message: UnhandledMessage): Promise<void> {
    try {
      await fate.postpone(message);
    } catch (error) {
      logger.warn('message could not be postponed', { error, messageId: message.messageId });
    }
  }

  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of event.Records) {
      const { body, messageId } = record;
      try {
        await consume(body);
      } catch (error) {
        if (error instanceof PermanentError) {
          logger.error('message buried: it can never be handled', { error, messageId });
          await fate.bury(unhandled(record), error.message);
        } else {
          logger.warn('message failed and will be tried again', { error, messageId });
          await postpone(unhandled(record));
          batchItemFailures.push({ itemIdentifier: messageId });
        }
      }
    }
    return { batchItemFailures };
  };
}

function unhandled({
  messageId,
  body,
  eventSourceARN,
  receiptHandle,
  attributes,
}: SQSRecord): UnhandledMessage {
  const receives = Number(attributes.ApproximateReceiveCount);
  return { messageId, body, queueArn: eventSourceARN, receiptHandle, receives };
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
