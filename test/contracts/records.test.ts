import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { DynamoDbRecords } from '../../lambdas/adapters/dynamodb-records.ts';
import { InMemoryRecords } from '../builders/in-memory-records.ts';
import { recordsContract } from './records.contract.ts';
import { emulator } from './support/cloud.ts';

const config = emulator();

async function table() {
  const name = `records-${randomUUID()}`;
  const client = new DynamoDBClient(config());
  await client.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: [
        { AttributeName: 'project', AttributeType: 'S' },
        { AttributeName: 'record', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'project', KeyType: 'HASH' },
        { AttributeName: 'record', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  // As every handler makes it.
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { documents, name, records: new DynamoDbRecords(documents, name) };
}

recordsContract('in memory', async () => new InMemoryRecords());
recordsContract('DynamoDB', async () => (await table()).records);

describe('the outbox', () => {
  const announce = { source: 'millrace.test', detailType: 'Tested.v1', detail: { n: 1 } };
  const write = { item: { project: 'p', record: 'a' }, condition: 'new', announce } as const;

  test('in DynamoDB it lies in the item, under an id of its own, with its detail as JSON', async () => {
    const { documents, name, records } = await table();
    await records.commit([write]);
    const { Item } = await documents.send(new GetCommand({ TableName: name, Key: write.item }));
    expect(Item?.['outbox']).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      source: 'millrace.test',
      detailType: 'Tested.v1',
      detail: '{"n":1}',
    });
  });

  test('a commit that lost announces nothing', async () => {
    const records = new InMemoryRecords();
    await records.commit([write]);
    await records.commit([write]);
    expect(records.announced).toEqual([announce]);
  });
});
