import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive } from '../training/process-identity.ts';
import { processIdentity } from './records.ts';

/**
 * Takes the state folder for this process; the answer gives it back. A folder left by a dead server is taken over.
 * Throws when a living server has it: two would run each other's jobs.
 */
export function lockState(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true });
  const path = join(stateDir, 'server.lock');
  const mine = JSON.stringify(identify(process.pid));
  try {
    writeFileSync(path, mine, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const holder = processIdentity.safeParse(readJson(path));
    if (holder.success && isAlive(holder.data)) {
      throw new Error(
        `The state folder ${stateDir} is in use by the local SageMaker of process ${holder.data.pid}; stop it or choose another folder.`,
        { cause: error },
      );
    }
    writeFileSync(path, mine);
  }
  return () => {
    rmSync(path, { force: true });
  };
}

/** A lock that was cut short by a crash parses as nobody's. */
function readJson(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
