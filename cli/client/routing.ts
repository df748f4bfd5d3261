import { routingTable } from '../../lambdas/contracts/routing.ts';
import type { RoutingTable } from '../../lambdas/contracts/routing.ts';
import type { Connection } from './connection.ts';
import { tableReader } from './table-reader.ts';

export type Alias = 'champion' | 'challenger' | 'previous';

/** Which version answers which share of the traffic. */
export function routing({ clients, outputs }: Connection) {
  const table = tableReader(clients.dynamo, outputs.data.RoutingTableName);

  return {
    /** Undefined before the project's first model. */
    routing: (project: string): Promise<RoutingTable | undefined> =>
      table.get(project, 'routing', routingTable),
  };
}

/** What a version is at present, and its share of the traffic in percent; undefined when it is nothing. */
export function aliasOf(
  table: RoutingTable | undefined,
  version: number,
): { alias: Alias; weightPercent: number } | undefined {
  const challengerWeight = table?.challenger?.weightPercent ?? 0;
  if (table?.champion.version === version) {
    return { alias: 'champion', weightPercent: 100 - challengerWeight };
  }
  if (table?.challenger?.version === version) return { alias: 'challenger', weightPercent: challengerWeight };
  return table?.previous?.version === version ? { alias: 'previous', weightPercent: 0 } : undefined;
}
