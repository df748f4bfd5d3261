import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loopbackEndpoint } from '../loopback.ts';
import { createAwsClients, destroyAwsClients } from './aws-clients.ts';
import type { TrainingContext } from './context.ts';
import { createAnnouncer } from './events/announce.ts';
import { createOutbox } from './events/outbox.ts';
import type { Outbox } from './events/outbox.ts';
import { logToStderr } from './log.ts';
import type { SageMakerOptions } from './options.ts';
import { createSageMakerServer } from './server.ts';
import { lockState } from './state/lock.ts';
import { openState } from './state/state-store.ts';
import { createJobJournal } from './training/job-journal.ts';
import { recoverJobs } from './training/recovery.ts';
import { TrainingSupervisor } from './training/supervisor.ts';

export type { SageMakerOptions } from './options.ts';
export { imageMap } from './images.ts';
export type { ImageMap } from './images.ts';

export interface RunningSageMaker {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Ends running jobs (SIGTERM, then SIGKILL) and waits until all is on disk. */
  stop(): Promise<void>;
}

/** Throws when the emulator is not on this machine, the state folder is in use or damaged, or the port is taken. */
export async function startSageMaker(options: SageMakerOptions): Promise<RunningSageMaker> {
  // This server must never reach real AWS.
  const emulatorEndpoint = loopbackEndpoint(options.emulatorEndpoint).origin;
  const { region = 'us-east-1', accountId = '000000000000', log = logToStderr, port = 0 } = options;
  const stateDir = resolve(options.stateDir);
  const unlock = lockState(stateDir);
  try {
    const store = openState(stateDir);
    const clients = createAwsClients(emulatorEndpoint, region);
    const now = Date.now;
    const announce = createAnnouncer(store.pendingEvents().at(-1)?.order ?? 0);
    const outbox: Outbox = createOutbox(store, clients.eventBridge, log);
    const wakeOutbox = (): void => outbox.wake();
    const journal = createJobJournal(store, announce, wakeOutbox, now);
    const jobsFolder = join(stateDir, 'jobs');
    mkdirSync(jobsFolder, { recursive: true });
    const training: TrainingContext = {
      store,
      clients,
      journal,
      identity: { region, accountId },
      emulatorEndpoint,
      images: options.images,
      jobsFolder,
      stopGraceSeconds: options.stopGraceSeconds ?? 120,
      shutdownGraceSeconds: options.shutdownGraceSeconds ?? 5,
      log,
      now,
    };
    const supervisor = new TrainingSupervisor(training, options.maxConcurrentJobs ?? 1);
    const server = createSageMakerServer(
      { store, identity: training.identity, announce, wakeOutbox, journal, supervisor, now },
      log,
    );
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    recoverJobs(training, supervisor);
    outbox.wake();
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port');
    return {
      url: `http://127.0.0.1:${address.port}`,
      async stop() {
        server.close();
        server.closeAllConnections();
        await supervisor.shutdown();
        await outbox.stop();
        destroyAwsClients(clients);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
