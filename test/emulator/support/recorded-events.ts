import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { waitFor } from '../../../cli/client/wait-for.ts';
import type { DetailOf, EventContract } from '../../../lambdas/contracts/define-event.ts';
import type { RawClients } from './clients.ts';

const envelope = z.object({
  id: z.string().min(1),
  source: z.string().min(1),
  'detail-type': z.string().min(1),
  detail: z.unknown(),
});

/** An event as a rule delivered it. */
export interface RecordedEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  /** The message, byte for byte: to be delivered again. */
  readonly body: string;
}

type Contract = EventContract<string, string, z.ZodType>;

/** Every event of Millrace's own bus, and of the account's default bus those that services send. */
export class RecordedEvents {
  readonly #clients: RawClients;
  readonly #queueUrl: string;
  readonly #events: RecordedEvent[] = [];

  private constructor(clients: RawClients, queueUrl: string) {
    this.#clients = clients;
    this.#queueUrl = queueUrl;
  }

  /** Begins to record. @param busName Millrace's own */
  static async start(clients: RawClients, busName: string): Promise<RecordedEvents> {
    const { queues, eventBridge } = clients;
    const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'emulator-suite-events' }));
    if (QueueUrl === undefined) throw new Error('CreateQueue gave no URL');
    const { Attributes } = await queues.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const services = ['aws.s3', 'aws.sagemaker', 'aws.states'];
    for (const [bus, source] of [
      [busName, [{ prefix: 'millrace.' }]],
      ['default', services],
    ] as const) {
      const rule = { Name: `emulator-suite-${bus}`, EventBusName: bus };
      await eventBridge.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ source }) }));
      await eventBridge.send(
        new PutTargetsCommand({
          Rule: rule.Name,
          EventBusName: bus,
          Targets: [{ Id: 'queue', Arn: Attributes?.['QueueArn'] }],
        }),
      );
    }
    return new RecordedEvents(clients, QueueUrl);
  }

  /** All events so far, in the order of their arrival. */
  async all(): Promise<readonly RecordedEvent[]> {
    const { queues } = this.#clients;
    for (;;) {
      const { Messages = [] } = await queues.send(
        new ReceiveMessageCommand({ QueueUrl: this.#queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return this.#events;
      for (const { Body = '', ReceiptHandle } of Messages) {
        const { source, 'detail-type': detailType, detail } = envelope.parse(JSON.parse(Body));
        this.#events.push({ source, detailType, detail, body: Body });
        await queues.send(new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle }));
      }
    }
  }

  /** Events of one kind that match, so far. */
  async of<Kind extends Contract>(
    contract: Kind,
    matches: (detail: DetailOf<Kind>) => boolean = () => true,
  ): Promise<{ readonly detail: DetailOf<Kind>; readonly body: string }[]> {
    return (await this.all())
      .filter(({ source, detailType }) => source === contract.source && detailType === contract.detailType)
      .map(({ detail, body }) => ({ detail: contract.detail.parse(detail) as DetailOf<Kind>, body }))
      .filter(({ detail }) => matches(detail));
  }

  /** Waits for the first event of a kind that matches. */
  async next<Kind extends Contract>(
    contract: Kind,
    matches: (detail: DetailOf<Kind>) => boolean,
    timeoutMs = 60_000,
  ): Promise<{ readonly detail: DetailOf<Kind>; readonly body: string }> {
    return waitFor(
      `'${contract.detailType}'`,
      async (saw) => {
        const found = await this.of(contract, matches);
        saw((await this.all()).slice(-5).map(({ detailType }) => detailType));
        return found[0];
      },
      { timeoutMs, intervalMs: 150 },
    );
  }
}
