import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { PendingEvent } from '../state/collection.ts';
import type { StateStore } from '../state/state-store.ts';

/** EventBridge takes no more in one PutEvents. */
const BATCH = 10;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5000;
/** So that a hanging emulator cannot hold up the end of the server. */
const SEND_TIMEOUT_MS = 5000;

export interface Outbox {
  /** Says that there may be something new to send. */
  wake(): void;
  /** Stops retrying, after one more attempt to send what is left. What remains is sent after the next start. */
  stop(): Promise<void>;
}

/** Sends pending events in order, at least once, until the bus has accepted each. Begins with the first `wake`. */
export function createOutbox(store: StateStore, eventBridge: EventBridgeClient, log: Log): Outbox {
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let retryMs = FIRST_RETRY_MS;
  let stopped = false;

  const schedule = (delayMs: number): void => {
    if (stopped || timer !== undefined || sending !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      sending = drain().finally(() => {
        sending = undefined;
        if (store.pendingEvents().length > 0) schedule(retryMs);
      });
    }, delayMs);
  };

  /** Never rejects: a failure is logged and leaves the events pending. */
  const drain = async (): Promise<void> => {
    try {
      for (;;) {
        const batch = store.pendingEvents().slice(0, BATCH);
        if (batch.length === 0) break;
        await send(batch);
        retryMs = FIRST_RETRY_MS;
      }
    } catch (error) {
      log({ level: 'warn', message: 'Events wait for the bus', retryMs, error: messageOf(error) });
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  };

  const send = async (batch: readonly PendingEvent[]): Promise<void> => {
    const answer = await eventBridge.send(
      new PutEventsCommand({
        Entries: batch.map((event) => ({
          Source: 'aws.sagemaker',
          DetailType: event.detailType,
          Resources: [event.resource],
          Time: new Date(event.time),
          Detail: JSON.stringify(event.detail),
        })),
      }),
      { abortSignal: AbortSignal.timeout(SEND_TIMEOUT_MS) },
    );
    const entries = answer.Entries ?? [];
    const accepted = batch.filter((_, index) => entries[index]?.EventId !== undefined);
    store.acknowledge(new Set(accepted.map(({ id }) => id)));
    if (accepted.length < batch.length) {
      const refusal = entries.find(({ ErrorCode }) => ErrorCode !== undefined);
      const hint =
        refusal?.ErrorCode === 'NotAuthorizedForSourceException'
          ? ' MiniStack admits this source when started by local/ministack_for_millrace.py.'
          : '';
      throw new Error(
        `the bus refused ${batch.length - accepted.length} of ${batch.length} events: ${refusal?.ErrorCode ?? 'no code'} ${refusal?.ErrorMessage ?? ''}${hint}`,
      );
    }
  };

  return {
    wake() {
      if (timer !== undefined && retryMs === FIRST_RETRY_MS) {
        clearTimeout(timer);
        timer = undefined;
      }
      schedule(0);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await sending;
      await drain();
    },
  };
}
