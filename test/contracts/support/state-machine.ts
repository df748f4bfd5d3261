import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { waitFor } from '../../../cli/client/wait-for.ts';
import type { ClientConfig } from './cloud.ts';

const patience = { timeoutMs: 30_000, intervalMs: 50 } as const;
const message = z.object({ token: z.string().min(1) });

/** A standard state machine whose one state waits for a task token, which it leaves in a queue. */
export class WaitingMachine {
  readonly client: SFNClient;
  readonly arn: string;
  readonly #queues: SQSClient;
  readonly #queueUrl: string;

  private constructor(client: SFNClient, arn: string, queues: SQSClient, queueUrl: string) {
    this.client = client;
    this.arn = arn;
    this.#queues = queues;
    this.#queueUrl = queueUrl;
  }

  static async create(config: ClientConfig, name: string): Promise<WaitingMachine> {
    const queues = new SQSClient(config);
    const client = new SFNClient(config);
    const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: name }));
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name,
        roleArn: 'arn:aws:iam::000000000000:role/states',
        definition: JSON.stringify({
          StartAt: 'Wait',
          States: {
            Wait: {
              Type: 'Task',
              Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
              Parameters: { QueueUrl, MessageBody: { 'token.$': '$$.Task.Token' } },
              End: true,
            },
          },
        }),
      }),
    );
    if (stateMachineArn === undefined || QueueUrl === undefined)
      throw new Error('the emulator gave no addresses');
    return new WaitingMachine(client, stateMachineArn, queues, QueueUrl);
  }

  /** Waits for the token of the next execution that reaches its state. */
  async nextToken(): Promise<string> {
    return waitFor(
      'a task token',
      async () => {
        const { Messages = [] } = await this.#queues.send(
          new ReceiveMessageCommand({
            QueueUrl: this.#queueUrl,
            MaxNumberOfMessages: 1,
            VisibilityTimeout: 600,
          }),
        );
        const [found] = Messages;
        return found && message.parse(JSON.parse(found.Body ?? '')).token;
      },
      patience,
    );
  }

  /** Waits until an execution has ended. */
  async ended(executionArn: string) {
    return waitFor(
      `${executionArn} to end`,
      async () => {
        const found = await this.client.send(new DescribeExecutionCommand({ executionArn }));
        return found.status === 'RUNNING' ? undefined : found;
      },
      patience,
    );
  }
}
