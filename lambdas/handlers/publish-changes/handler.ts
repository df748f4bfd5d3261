import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { z } from 'zod';
import { logger } from '../../runtime/logger.ts';

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
 * On a failure the stream sends this record and what follows again, so events go out at least once.
 */
export function publishChanges(publish: (announcement: Announcement) => Promise<void>) {
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    for (const record of event.Records) {
      try {
        const fresh = freshAnnouncement(record);
        if (fresh) await publish(fresh);
      } catch (error) {
        const sequence = record.dynamodb?.SequenceNumber;
        if (sequence === undefined) throw error;
        logger.warn('announcement failed and will be tried again', { error, sequence });
        return { batchItemFailures: [{ itemIdentifier: sequence }] };
      }
    }
    return { batchItemFailures: [] };
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
