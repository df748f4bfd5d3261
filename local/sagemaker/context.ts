import type { AwsClients } from './aws-clients.ts';
import type { Announcer } from './events/announce.ts';
import type { ImageMap } from './images.ts';
import type { Log } from './log.ts';
import type { Identity } from './options.ts';
import type { StateStore } from './state/state-store.ts';
import type { JobJournal } from './training/job-journal.ts';
import type { TrainingSupervisor } from './training/supervisor.ts';

/** What running jobs need of the server. */
export interface TrainingContext {
  readonly store: StateStore;
  readonly clients: AwsClients;
  readonly journal: JobJournal;
  readonly identity: Identity;
  readonly emulatorEndpoint: string;
  readonly images: ImageMap;
  /** Holds one folder per job. */
  readonly jobsFolder: string;
  readonly stopGraceSeconds: number;
  readonly shutdownGraceSeconds: number;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What answering a request needs of the server. */
export interface OperationContext {
  readonly store: StateStore;
  readonly identity: Identity;
  readonly announce: Announcer;
  /** To be called after a write that stored events. */
  readonly wakeOutbox: () => void;
  readonly journal: JobJournal;
  readonly supervisor: TrainingSupervisor;
  readonly now: () => number;
}
