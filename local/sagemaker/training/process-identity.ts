import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import type { ProcessIdentity } from '../state/records.ts';

/** Unique per boot, so that a pid written before a reboot is never mistaken for a process of today. */
function bootId(): string {
  return platform() === 'linux'
    ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    : output('sysctl', ['-n', 'kern.bootsessionuuid']);
}

/** `undefined` when no such process lives; a zombie counts as dead. */
function startTime(pid: number): string | undefined {
  if (platform() !== 'linux') {
    const started = output('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return started === '' ? undefined : started;
  }
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // Field 2 is the command in parentheses and may hold anything; 3 is the state, 22 the start in clock ticks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function output(command: string, args: string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout.trim();
}

/** A process that has already ended gets an identity that matches no other. */
export function identify(pid: number): ProcessIdentity {
  return { pid, startedAt: startTime(pid) ?? 'ended', boot: bootId() };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identity.boot === bootId() && startTime(identity.pid) === identity.startedAt;
}

/** Sends a signal to a process group; false when nothing of it is left. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    // macOS answers EPERM for a group in which only zombies are left.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM' && platform() === 'darwin')
      return false;
    throw error;
  }
}

/**
 * Kills what is left of the group that `leader` led, in an earlier life of the server. While a group lives its number
 * is not given to a new process, so a number that now belongs to someone else means that the group is gone.
 */
export function killLeftoverGroup(leader: ProcessIdentity): boolean {
  if (leader.boot !== bootId()) return false;
  const now = startTime(leader.pid);
  if (now !== undefined && now !== leader.startedAt) return false;
  return signalGroup(leader.pid, 'SIGKILL');
}
