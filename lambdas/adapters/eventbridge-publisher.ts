import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';

/** Sends one event. PutEvents answers 200 for a refused entry, so the entry's own answer is looked at. */
export function publishToBus(client: EventBridgeClient, busName: string) {
  return async (event: { source: string; detailType: string; detail: string }): Promise<void> => {
    const { Entries } = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: event.source,
            DetailType: event.detailType,
            Detail: event.detail,
          },
        ],
      }),
    );
    const refused = Entries?.find((entry) => entry.ErrorCode);
    if (refused) {
      throw new Error(
        `the bus refused '${event.detailType}': ${refused.ErrorCode} ${refused.ErrorMessage ?? ''}`,
      );
    }
  };
}
