import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { SqsMessageFate } from '../../lambdas/adapters/sqs-message-fate.ts';
import type { UnhandledMessage } from '../../lambdas/domain/ports/message-fate.ts';
import { emulator } from './support/cloud.ts';

const config = emulator();

async function setUp() {
  // As in the handlers: a queue's URL must not be taken for the endpoint.
  const client = new SQSClient({ ...config(), useQueueUrlAsEndpoint: false });
  const create = async (): Promise<string> => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: `messages-${randomUUID()}` }));
    return QueueUrl ?? '';
  };
  const [queue, burial] = [await create(), await create()];
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['QueueArn'] }),
  );
  const receive = async (QueueUrl: string, options: { visibleAfter?: number; wait?: number } = {}) => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        VisibilityTimeout: options.visibleAfter ?? 30,
        WaitTimeSeconds: options.wait ?? 0,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    return Messages;
  };
  await client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'a message' }));
  const taken = async (visibleAfter: number): Promise<UnhandledMessage> => {
    const [message] = await receive(queue, { visibleAfter });
    return {
      messageId: message?.MessageId ?? '',
      body: message?.Body ?? '',
      receiptHandle: message?.ReceiptHandle ?? '',
      queueArn: Attributes?.QueueArn ?? '',
      receives: Number(message?.Attributes?.ApproximateReceiveCount),
    };
  };
  return { fate: new SqsMessageFate(client, burial), queue, burial, receive, taken };
}

describe('messages of SQS', () => {
  it('come again only after a pause', async () => {
    const { fate, queue, receive, taken } = await setUp();
    const message = await taken(1);
    expect(message).toMatchObject({ body: 'a message', receives: 1 });
    await fate.postpone(message);
    // Without the pause the message would be there within a second.
    expect(await receive(queue, { wait: 3 })).toEqual([]);
  });

  it('are buried with their reason', async () => {
    const { fate, burial, receive, taken } = await setUp();
    const message = await taken(30);
    await fate.bury(message, `no such project ${'x'.repeat(2000)}`);
    const [buried] = await receive(burial);
    expect(buried).toMatchObject({
      Body: 'a message',
      MessageAttributes: { MessageId: { StringValue: message.messageId } },
    });
    expect(buried?.MessageAttributes?.['Reason']?.StringValue).toMatch(/^no such project x{1000}/);
  });
});
