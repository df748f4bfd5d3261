import { monitorKeys, windowRecord } from '../../lambdas/contracts/monitor-records.ts';
import type { WindowRecord } from '../../lambdas/contracts/monitor-records.ts';
import type { Connection } from './connection.ts';
import { routing } from './routing.ts';
import { tableReader } from './table-reader.ts';

export interface Drift {
  /** The champion's last closed window; absent before it has one. */
  readonly lastWindow: WindowRecord | undefined;
  /** How many of the last windows in a row drifted, on the shard of the last one. */
  readonly driftedInARow: number;
}

/** What the monitors saw. */
export function drift(connection: Connection) {
  const { clients, outputs } = connection;
  const monitors = tableReader(clients.dynamo, outputs.monitoring.MonitorsTableName);
  const { routing: readRouting } = routing(connection);

  /**
   * Closed windows, last closed first.
   * @param options.version of one model version only
   * @param options.limit at most so many of the newest versions' windows. @default 100
   */
  async function windows(
    project: string,
    options: { version?: number | undefined; limit?: number | undefined } = {},
  ): Promise<WindowRecord[]> {
    const prefix = options.version === undefined ? 'window#' : versionPrefix(options.version);
    const found = await monitors.list(project, prefix, windowRecord, options.limit ?? 100);
    return found.sort((a, b) => b.closedAt.localeCompare(a.closedAt));
  }

  return {
    windows,

    /** How far the champion's live traffic is from what it was trained on. */
    async drift(project: string): Promise<Drift> {
      const champion = (await readRouting(project))?.champion.version;
      const found = champion === undefined ? [] : await windows(project, { version: champion });
      const [lastWindow] = found;
      const onShard = found.filter(
        ({ record }) => lastWindow && shardOf(record) === shardOf(lastWindow.record),
      );
      const calm = onShard.findIndex(({ drifted }) => !drifted);
      return { lastWindow, driftedInARow: calm === -1 ? onShard.length : calm };
    },
  };
}

/** The part of a window's key before its number. */
function versionPrefix(version: number): string {
  const key = monitorKeys.window(version, 1, '');
  return key.slice(0, key.indexOf('#', 'window#'.length) + 1);
}

function shardOf(record: string): string {
  return record.split('#').slice(3).join('#');
}
