import { GetFunctionConfigurationCommand, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { waitFor } from '../../../cli/client/wait-for.ts';
import type { RawClients } from './clients.ts';

/** The queue before a consumer's function, and the one for what it could not handle. */
interface Consumer {
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
}

/** Consumers of events, by the name of their handler: `ingest-object`. */
export class Consumers {
  readonly #clients: RawClients;
  readonly #prefix: string;

  /** @param prefix of the functions' names */
  constructor(clients: RawClients, prefix: string) {
    this.#clients = clients;
    this.#prefix = prefix;
  }

  /** Delivers messages to a consumer's queue, in this order, and waits until all were handled. */
  async deliver(handler: string, ...bodies: readonly string[]): Promise<void> {
    const { queueUrl } = await this.#find(handler);
    for (const MessageBody of bodies) {
      await this.#clients.queues.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    }
    await this.idle(handler);
  }

  /** Waits until a consumer has nothing left to handle. */
  async idle(handler: string): Promise<void> {
    const { queueUrl } = await this.#find(handler);
    await waitFor(
      `the queue of ${handler} to be empty`,
      async (saw) => {
        const waiting = await this.#messages(queueUrl);
        saw(waiting);
        return waiting === 0 ? true : undefined;
      },
      { timeoutMs: 60_000, intervalMs: 100 },
    );
  }

  /** How many messages a consumer has given up on. */
  async deadLetters(handler: string): Promise<number> {
    return this.#messages((await this.#find(handler)).deadLettersUrl);
  }

  async #messages(QueueUrl: string): Promise<number> {
    const { Attributes = {} } = await this.#clients.queues.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    const counts = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    return counts.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  async #find(handler: string): Promise<Consumer> {
    const { lambda, queues } = this.#clients;
    const FunctionName = `${this.#prefix}-${handler}`;
    const [{ EventSourceMappings = [] }, { Environment }] = await Promise.all([
      lambda.send(new ListEventSourceMappingsCommand({ FunctionName })),
      lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    ]);
    const name = EventSourceMappings[0]?.EventSourceArn?.split(':').at(-1);
    const deadLettersUrl = Environment?.Variables?.['BURIAL_QUEUE_URL'];
    if (name === undefined || deadLettersUrl === undefined) throw new Error(`${FunctionName} has no queues`);
    const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: name }));
    if (QueueUrl === undefined) throw new Error(`${name} has no URL`);
    return { queueUrl: QueueUrl, deadLettersUrl };
  }
}
