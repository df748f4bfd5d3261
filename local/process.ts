import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalCloudError } from './loopback.ts';

/** A process of the local cloud with everything it started. */
export interface Service {
  readonly pid: number;
  /** Ends the whole process group: a request first, force after five seconds. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly logFile: string;
  /** Resolves to true once the service answers. */
  readonly ready: () => Promise<boolean>;
  /** @default 30,000 ms */
  readonly timeoutMs?: number;
}

/** Starts a process in a group of its own and waits until it answers. */
export async function startService(options: ServiceOptions): Promise<Service> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'w');
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = once(child, 'exit').catch((error: unknown) => {
    throw new LocalCloudError(`${options.name} could not be started: ${String(error)}`);
  });
  // Awaited below where it matters; until then its failure is nobody's.
  exited.catch(() => undefined);
  const service = { pid: child.pid ?? 0, stop: () => stopGroup(child) };
  const deadline = Date.now() + (options.timeoutMs ?? 30_000);
  while (Date.now() < deadline) {
    if (child.pid === undefined) await exited;
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new LocalCloudError(`${options.name} ended as it started; see ${options.logFile}`);
    }
    if (await options.ready()) return service;
    await pause(50);
  }
  await service.stop();
  throw new LocalCloudError(`${options.name} did not answer in time; see ${options.logFile}`);
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const group = -child.pid;
  if (!signal(group, 'SIGTERM')) return;
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline) {
    if (!signal(group, 0)) return;
    await pause(50);
  }
  signal(group, 'SIGKILL');
}

/** @returns false when nothing of the group is left */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(group, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Whether a server can be started on this loopback port. */
export async function portIsFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}

/** Whether an HTTP address answers with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not up yet: the caller asks again until its own deadline.
    return false;
  }
}

/** Whether something on this machine takes connections on a port. */
export async function acceptsConnections(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
