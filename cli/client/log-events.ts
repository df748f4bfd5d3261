import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { isMissing } from './log-groups.ts';
import type { LogSource } from './log-groups.ts';

export interface LogEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: LogSource['kind'];
  /** Function name without the deployment's prefix, or run id. */
  readonly source: string;
  readonly message: string;
}

/** An entry, and a key that is the same whenever the same line is read. */
export interface KeyedEntry {
  readonly key: string;
  readonly entry: LogEntry;
}

/** CloudWatch's limit on the streams that one request may name. */
const streamsPerRequest = 100;

/** A source's lines since an instant, oldest first. @param since epoch milliseconds */
export async function readEvents(
  client: CloudWatchLogsClient,
  source: LogSource,
  since: number,
): Promise<KeyedEntry[]> {
  const occurrences = new Map<string, number>();
  const found: KeyedEntry[] = [];
  for (const streams of chunksOf(source.streams)) {
    const pages = paginateFilterLogEvents(
      { client },
      { logGroupName: source.group, startTime: since, ...(streams && { logStreamNames: [...streams] }) },
    );
    try {
      for await (const { events } of pages) {
        for (const { timestamp, message, eventId, logStreamName } of events ?? []) {
          if (timestamp === undefined) continue;
          // The emulator gives no event ids; equal lines of one millisecond are then told apart by their order.
          const line = `${source.group}|${logStreamName}|${timestamp}|${message}`;
          const nth = (occurrences.get(line) ?? 0) + 1;
          occurrences.set(line, nth);
          found.push({
            key: eventId ?? `${line}|${nth}`,
            entry: {
              at: new Date(timestamp).toISOString(),
              kind: source.kind,
              source: source.name,
              message: (message ?? '').trimEnd(),
            },
          });
        }
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return found.sort((a, b) => a.entry.at.localeCompare(b.entry.at));
}

function chunksOf(streams: readonly string[] | undefined): (readonly string[] | undefined)[] {
  if (streams === undefined) return [undefined];
  const chunks: (readonly string[])[] = [];
  for (let i = 0; i < streams.length; i += streamsPerRequest)
    chunks.push(streams.slice(i, i + streamsPerRequest));
  return chunks;
}
