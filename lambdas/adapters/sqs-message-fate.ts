import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { MessageFate, UnhandledMessage } from '../domain/ports/message-fate.ts';

/** Pauses before the second to fifth try: 15 s, 1, 4 and 15 minutes, so that most outages pass within a message's tries. */
const firstPauseSeconds = 15;
const growth = 4;
const longestPauseSeconds = 900;

/** Messages of SQS: buried ones go straight to the consumer's dead-letter queue. */
export class SqsMessageFate implements MessageFate {
  readonly #client: SQSClient;
  readonly #burialQueueUrl: string;

  /** @param client must not take a queue's URL for its endpoint: these are made from ARNs */
  constructor(client: SQSClient, burialQueueUrl: string) {
    this.#client = client;
    this.#burialQueueUrl = burialQueueUrl;
  }

  /** With the client that this needs. */
  static of(burialQueueUrl: string): SqsMessageFate {
    return new SqsMessageFate(new SQSClient({ useQueueUrlAsEndpoint: false }), burialQueueUrl);
  }

  async bury({ body, messageId }: UnhandledMessage, reason: string): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#burialQueueUrl,
        MessageBody: body,
        MessageAttributes: {
          Reason: { DataType: 'String', StringValue: reason.slice(0, 1024) },
          MessageId: { DataType: 'String', StringValue: messageId },
        },
      }),
    );
  }

  async postpone({ queueArn, receiptHandle, receives }: UnhandledMessage): Promise<void> {
    const [, , , region, account, name] = queueArn.split(':');
    await this.#client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.min(longestPauseSeconds, firstPauseSeconds * growth ** (receives - 1)),
      }),
    );
  }
}
