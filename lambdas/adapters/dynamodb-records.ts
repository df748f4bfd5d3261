import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { RecordKey, Records, RecordWrite } from '../domain/ports/records.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Records in one DynamoDB table with partition key `project` and sort key `record`. */
export class DynamoDbRecords implements Records {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async read(key: RecordKey): Promise<unknown> {
    const { Item } = await this.#client.send(
      new GetCommand({
        TableName: this.#tableName,
        Key: { project: key.project, record: key.record },
        ConsistentRead: true,
      }),
    );
    return Item;
  }

  async list(project: string, prefix: string, limit: number): Promise<unknown[]> {
    const { Items } = await this.#client.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: '#project = :project AND begins_with(#record, :prefix)',
        ExpressionAttributeNames: { '#project': 'project', '#record': 'record' },
        ExpressionAttributeValues: { ':project': project, ':prefix': prefix },
        ScanIndexForward: false,
        Limit: limit,
        ConsistentRead: true,
      }),
    );
    return Items ?? [];
  }

  async commit(writes: readonly RecordWrite[]): Promise<boolean> {
    try {
      await this.#client.send(
        new TransactWriteCommand({ TransactItems: writes.map((write) => this.#transactItem(write)) }),
      );
      return true;
    } catch (error) {
      if (error instanceof TransactionCanceledException && lostCondition(error)) return false;
      throw error;
    }
  }

  #transactItem({ item, condition, announce }: RecordWrite): TransactItem {
    const outbox = announce && {
      outbox: {
        id: randomUUID(),
        source: announce.source,
        detailType: announce.detailType,
        detail: JSON.stringify(announce.detail),
      },
    };
    const put = { TableName: this.#tableName, Item: { ...item, ...outbox } };
    if (condition === 'any') return { Put: put };
    if (condition === 'new' || condition.revision === undefined) {
      return {
        Put: {
          ...put,
          ConditionExpression: 'attribute_not_exists(#record)',
          ExpressionAttributeNames: { '#record': 'record' },
        },
      };
    }
    return {
      Put: {
        ...put,
        ConditionExpression: '#revision = :revision',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':revision': condition.revision },
      },
    };
  }
}

/** A transaction that lost to a concurrent one is also lost: reading again will show what the other wrote. */
function lostCondition(error: TransactionCanceledException): boolean {
  return (error.CancellationReasons ?? []).some(
    ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
  );
}
