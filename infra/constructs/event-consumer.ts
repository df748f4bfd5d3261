import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { alarmOnMessage } from './alarms.ts';
import { HandlerFunction, type HandlerFunctionProps, type Variables } from './handler-function.ts';

/** One kind of event to be consumed: its contract names source and detail type. */
export interface ConsumedEvent {
  readonly contract: { readonly source: string; readonly detailType: string };
  /** Content filter on the detail, in EventBridge's pattern language. @default every event of this kind */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** @default the account's default bus, where AWS services announce */
  readonly bus?: IEventBus;
}

export interface EventConsumerProps<Env> extends Omit<HandlerFunctionProps<Env>, 'environment'> {
  readonly events: readonly ConsumedEvent[];
  /** The handler's variables but `BURIAL_QUEUE_URL`, which is this construct's own dead-letter queue. */
  readonly environment: Variables<Omit<Env, 'BURIAL_QUEUE_URL'>>;
  /** Told when a message could not be handled. */
  readonly alerts: ITopic;
  /** What a message in the dead-letter queue means for people, and what to do. */
  readonly impact: string;
  /** Messages for one invocation. @default 10 */
  readonly batchSize?: number;
}

/** Tries before a message goes to the dead-letter queue: a fault that outlasts five needs a person. */
const maximumReceives = 5;

/** The one door for events: rules, queue, dead-letter queue, function and alarm, under one scope. */
export class EventConsumer<Env> extends Construct {
  readonly function: Function;
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: EventConsumerProps<Env>) {
    super(scope, id);
    const { events, alerts, impact, batchSize, environment, ...handlerProps } = props;
    const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;
    this.deadLetters = new Queue(this, 'DeadLetters', { ...common, retentionPeriod: Duration.days(14) });

    const handler = new HandlerFunction<Env>(this, 'Handler', {
      ...handlerProps,
      environment: {
        ...environment,
        BURIAL_QUEUE_URL: this.deadLetters.queueUrl,
      } as unknown as Variables<Env>,
    });
    this.function = handler.function;
    this.deadLetters.grantSendMessages(this.function);

    this.queue = new Queue(this, 'Queue', {
      ...common,
      // AWS asks for six times the function's timeout, so that a batch in work is not delivered again.
      visibilityTimeout: Duration.seconds(handler.timeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maximumReceives },
    });
    this.function.addEventSource(
      new SqsEventSource(this.queue, { batchSize: batchSize ?? 10, reportBatchItemFailures: true }),
    );
    events.forEach(({ contract, detail, bus }, index) => {
      new Rule(this, `Rule${index + 1}`, {
        ...(bus && { eventBus: bus }),
        eventPattern: {
          source: [contract.source],
          detailType: [contract.detailType],
          ...(detail && { detail: { ...detail } }),
        },
        targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetters })],
      });
    });

    alarmOnMessage(this, 'DeadLetterAlarm', {
      queue: this.deadLetters,
      description: `${impact} Read the messages' Reason attribute, mend the cause, then redrive the queue: docs/runbook.md#dead-letters`,
      alerts,
    });
  }
}
