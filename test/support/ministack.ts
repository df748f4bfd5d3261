import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmulator } from '../../local/emulator.ts';
import { freePort } from '../../local/process.ts';

const root = resolve(import.meta.dirname, '../..');

export interface Ministack {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Ends the emulator's process and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts the emulator on a free loopback port. @throws LocalCloudError when it does not answer in half a minute */
export async function startMinistack(): Promise<Ministack> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-ministack-'));
  const emulator = await startEmulator({
    root,
    port: await freePort(),
    logFile: join(folder, 'emulator.log'),
  });
  return {
    endpoint: emulator.endpoint,
    stop: async () => {
      await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
