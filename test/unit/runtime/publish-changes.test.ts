import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { publishChanges, type Announcement } from '../../../lambdas/handlers/publish-changes/handler.ts';

const outbox = (id: string) => ({
  outbox: {
    M: {
      id: { S: id },
      source: { S: 'millrace.ingest' },
      detailType: { S: 'DataAccepted.v1' },
      detail: { S: `{"of":"${id}"}` },
    },
  },
});

const change = (NewImage: object | undefined, OldImage?: object): DynamoDBRecord =>
  ({
    eventName: NewImage ? (OldImage ? 'MODIFY' : 'INSERT') : 'REMOVE',
    dynamodb: { SequenceNumber: '1', ...(NewImage && { NewImage }), ...(OldImage && { OldImage }) },
  }) as DynamoDBRecord;

function publisher(failing: readonly string[] = []) {
  const sent: string[] = [];
  const handle = publishChanges(async ({ id }: Announcement) => {
    if (failing.includes(id)) throw new Error(`the bus refused ${id}`);
    sent.push(id);
  });
  return { sent, handle: (...Records: DynamoDBRecord[]) => handle({ Records }) };
}

describe('publishing the changes of a table', () => {
  it('announces what a record newly has to say, in order', async () => {
    const { sent, handle } = publisher();
    await handle(
      change(outbox('a')),
      change(outbox('b'), { state: { S: 'before' } }),
      change(outbox('c'), outbox('b')),
    );
    expect(sent).toEqual(['a', 'b', 'c']);
  });

  it('announces nothing for a record without an outbox, rewritten with its old one, or removed', async () => {
    const { sent, handle } = publisher();
    await handle(
      change({ state: { S: 'quiet' } }),
      change(outbox('a'), outbox('a')),
      change(undefined, outbox('a')),
    );
    expect(sent).toEqual([]);
  });

  it('fails when the bus does, so that the stream sends the batch again', async () => {
    const { sent, handle } = publisher(['b']);
    await expect(handle(change(outbox('a')), change(outbox('b')), change(outbox('c')))).rejects.toThrow(
      'the bus refused b',
    );
    expect(sent).toEqual(['a']);
  });

  it('fails on an outbox that is no announcement', async () => {
    const { handle } = publisher();
    await expect(handle(change({ outbox: { M: { id: { S: 'a' } } } }))).rejects.toThrow('detailType');
  });
});
