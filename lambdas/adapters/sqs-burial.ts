import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** Sends messages that can never be handled straight to the consumer's dead-letter queue, with the reason. */
export function buryInQueue(client: SQSClient, queueUrl: string) {
  return async ({ body, reason, messageId }: { body: string; reason: string; messageId: string }) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        MessageAttributes: {
          Reason: { DataType: 'String', StringValue: reason.slice(0, 1024) },
          MessageId: { DataType: 'String', StringValue: messageId },
        },
      }),
    );
  };
}
