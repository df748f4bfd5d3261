import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRecord } from '../../lambdas/contracts/ledger.ts';
import type { Connection } from './connection.ts';
import { requireProject } from './connection.ts';
import { readEvents } from './log-events.ts';
import type { KeyedEntry, LogEntry } from './log-events.ts';
import { functionSources, trainingSource } from './log-groups.ts';
import { runs } from './runs.ts';

export interface LogOptions {
  /** @default ten minutes ago */
  readonly since?: Date | undefined;
  /** Waits for further lines, until `signal` is aborted or the caller stops asking. */
  readonly follow?: boolean | undefined;
  /** Only functions whose name contains this; training jobs are then left out. */
  readonly function?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const defaultSpanMs = 10 * 60_000;
const pollMs = 1_500;
/** CloudWatch may show a line this much later than its time. */
const lateMs = 30_000;

/** What functions and training jobs wrote, merged by time. */
export function logs(connection: Connection) {
  const { clients, cloud, projects } = connection;
  const training = runs(connection);

  async function sourcesSince(project: string | undefined, since: number, only: string | undefined) {
    const functions = (await functionSources(clients.logs, cloud.prefix)).filter(
      ({ name }) => only === undefined || name.toLowerCase().includes(only.toLowerCase()),
    );
    if (only !== undefined) return functions;
    const known = await Promise.all(
      (project === undefined ? projects : [project]).map((name) => training.runs(name)),
    );
    const recent = known.flat().filter((run) => wasActiveSince(run, since));
    const trainings = await Promise.all(recent.map(({ runId }) => trainingSource(clients.logs, runId)));
    return [...functions, ...trainings.filter((source) => source !== undefined)];
  }

  async function readSince(project: string | undefined, since: number, only: string | undefined) {
    const sources = await sourcesSince(project, since, only);
    const found = await Promise.all(sources.map((source) => readEvents(clients.logs, source, since)));
    return found
      .flat()
      .filter(({ entry }) => project === undefined || concerns(entry, project))
      .sort((a, b) => a.entry.at.localeCompare(b.entry.at));
  }

  return {
    /**
     * Lines of every function and training job of the deployment, oldest first.
     * @param project keeps only its training jobs and the functions' lines that name it
     * @throws MillraceError when the project is unknown
     */
    async *logs(project?: string, options: LogOptions = {}): AsyncGenerator<LogEntry, void, void> {
      if (project !== undefined) requireProject(connection, project);
      const start = (options.since ?? new Date(Date.now() - defaultSpanMs)).getTime();
      let seen = new Set<string>();
      let from = start;
      while (!options.signal?.aborted) {
        const startedAt = Date.now();
        const read = await readSince(project, from, options.function);
        yield* unseen(read, seen);
        if (!options.follow) return;
        seen = new Set(read.map(({ key }) => key));
        from = Math.max(start, startedAt - lateMs);
        await pause(options.signal);
      }
    },
  };
}

function* unseen(read: readonly KeyedEntry[], seen: ReadonlySet<string>): Generator<LogEntry> {
  for (const { key, entry } of read) if (!seen.has(key)) yield entry;
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(pollMs, undefined, { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

function wasActiveSince({ finishedAt }: RunRecord, since: number): boolean {
  return finishedAt === undefined || Date.parse(finishedAt) >= since;
}

/** A longer name that begins with the project's, such as a run's, counts: better a line too many than one lost. */
function concerns({ kind, message }: LogEntry, project: string): boolean {
  return kind === 'training' || new RegExp(`(^|[^a-z0-9-])${project}([^a-z0-9]|$)`).test(message);
}
