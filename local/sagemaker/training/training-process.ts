import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from '../state/records.ts';
import { identify, signalGroup } from './process-identity.ts';

export interface ProcessCommand {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  onLine(stream: 'stdout' | 'stderr', line: string): void;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TrainingProcess {
  readonly identity: ProcessIdentity;
  /** Resolves when the process is gone, its group with it, and its last line has been read. */
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM to the whole group, then SIGKILL after `graceSeconds`. Resolves with the end. */
  terminate(graceSeconds: number): Promise<ProcessEnd>;
}

/** Throws when the command cannot be started at all. */
export async function startProcess(job: ProcessCommand): Promise<TrainingProcess> {
  const [program, ...args] = job.command;
  if (program === undefined) throw new Error('The command is empty');
  const child = spawn(program, args, {
    cwd: job.cwd,
    env: job.env,
    // A group of its own: what the training code starts ends with it, as in a container.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const read = Promise.all([
    readLines(child.stdout, (line) => job.onLine('stdout', line)),
    readLines(child.stderr, (line) => job.onLine('stderr', line)),
  ]);
  const { pid } = child;
  if (pid === undefined) {
    const [error]: unknown[] = await once(child, 'error', { signal: AbortSignal.timeout(10_000) }).catch(
      (reason: unknown) => [reason],
    );
    throw error;
  }
  const end = async (): Promise<ProcessEnd> => {
    const how = await exit;
    signalGroup(pid, 'SIGKILL');
    await read;
    return how;
  };
  const ended = end();
  return {
    identity: identify(pid),
    ended,
    async terminate(graceSeconds) {
      signalGroup(pid, 'SIGTERM');
      const grace = new AbortController();
      const killer = delay(graceSeconds * 1000, undefined, { signal: grace.signal }).then(
        () => {
          signalGroup(pid, 'SIGKILL');
        },
        () => undefined,
      );
      const how = await ended;
      grace.abort();
      await killer;
      return how;
    },
  };
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  lines.on('line', onLine);
  await once(lines, 'close');
}
