import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { z } from 'zod';

const announcement = z.object({
  id: z.string().min(1),
  source: z.string().min(1),
  detailType: z.string().min(1),
  /** JSON. */
  detail: z.string().min(2),
});
export type Announcement = z.infer<typeof announcement>;

const image = z.object({
  outbox: z.object({ M: z.record(z.string(), z.object({ S: z.string() })) }).optional(),
});

/**
 * Announces the changes of a table: every new entry in a record's outbox goes to the event bus, in order.
 * A failure is thrown, and the stream sends the batch again: events go out at least once, and whoever hears one twice
 * must not mind.
 */
export function publishChanges(publish: (announcement: Announcement) => Promise<void>) {
  return async (event: DynamoDBStreamEvent): Promise<void> => {
    for (const record of event.Records) {
      const fresh = freshAnnouncement(record);
      if (fresh) await publish(fresh);
    }
  };
}

/** An entry that the record did not have before this change: rewriting a record does not announce it again. */
function freshAnnouncement({ dynamodb }: DynamoDBRecord): Announcement | undefined {
  const after = outboxOf(dynamodb?.NewImage);
  return after && after.id !== outboxOf(dynamodb?.OldImage)?.id ? after : undefined;
}

function outboxOf(attributes: unknown): Announcement | undefined {
  if (attributes === undefined) return undefined;
  const { outbox } = image.parse(attributes);
  if (!outbox) return undefined;
  return announcement.parse(
    Object.fromEntries(Object.entries(outbox.M).map(([name, value]) => [name, value.S])),
  );
}
