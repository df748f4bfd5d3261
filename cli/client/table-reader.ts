import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { MillraceError } from './millrace-error.ts';

/** Reads one table with partition key `project` and sort key `record`, consistently. */
export interface TableReader {
  /** @returns undefined when there is no such record */
  get<Schema extends z.ZodType>(
    project: string,
    record: string,
    schema: Schema,
  ): Promise<z.infer<Schema> | undefined>;
  /** Records whose key begins with `prefix`, largest key first; all of them unless `limit` is given. */
  list<Schema extends z.ZodType>(
    project: string,
    prefix: string,
    schema: Schema,
    limit?: number,
  ): Promise<z.infer<Schema>[]>;
}

export function tableReader(client: DynamoDBDocumentClient, tableName: string): TableReader {
  return {
    async get(project, record, schema) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { project, record }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : parseRecord(tableName, schema, Item);
    },

    async list(project, prefix, schema, limit = Infinity) {
      const items: Record<string, unknown>[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: '#project = :project AND begins_with(#record, :prefix)',
            ExpressionAttributeNames: { '#project': 'project', '#record': 'record' },
            ExpressionAttributeValues: { ':project': project, ':prefix': prefix },
            ScanIndexForward: false,
            ConsistentRead: true,
            ...(Number.isFinite(limit) && { Limit: limit - items.length }),
            ...(from && { ExclusiveStartKey: from }),
          }),
        );
        items.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from && items.length < limit);
      return items.map((item) => parseRecord(tableName, schema, item));
    },
  };
}

function parseRecord<Schema extends z.ZodType>(
  tableName: string,
  schema: Schema,
  item: Record<string, unknown>,
): z.infer<Schema> {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  throw new MillraceError(
    `record '${String(item['record'])}' of '${String(item['project'])}' in ${tableName} does not fit its contract ` +
      `(${z.prettifyError(parsed.error)}): is this command as old as the deployment?`,
  );
}
