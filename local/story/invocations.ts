import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { readEvents } from '../../cli/client/log-events.ts';
import { functionSources } from '../../cli/client/log-groups.ts';

/** Invocations by function, its name without the deployment's prefix. */
export type Invocations = Readonly<Record<string, number>>;

/**
 * Lambda invocations that ended within a span, counted by the `REPORT` line that Lambda writes after each.
 * @param since epoch milliseconds; `until` likewise, not included
 */
export async function invocations(
  client: CloudWatchLogsClient,
  prefix: string,
  since: number,
  until: number,
): Promise<Invocations> {
  const counted: Record<string, number> = {};
  for (const source of await functionSources(client, prefix)) {
    const events = await readEvents(client, source, since);
    const ended = events.filter(
      ({ entry }) => entry.message.startsWith('REPORT RequestId:') && Date.parse(entry.at) < until,
    );
    if (ended.length > 0) counted[source.name] = ended.length;
  }
  return counted;
}
