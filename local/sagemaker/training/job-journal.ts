import type { Announcer } from '../events/announce.ts';
import type { SecondaryStatus, TrainingJobRecord, TrainingJobStatus } from '../state/records.ts';
import type { StateStore } from '../state/state-store.ts';
import { enter } from './job-state.ts';

type Changes = Parameters<typeof enter>[4];

/** The one place where a job's state is written, always together with the event that announces it. */
export interface JobJournal {
  /** Throws when there is no such job: jobs are never deleted. */
  current(name: string): TrainingJobRecord;
  create(job: TrainingJobRecord): void;
  move(name: string, status: TrainingJobStatus, secondary: SecondaryStatus, changes?: Changes): void;
  /** Changes that are no change of status, and no event. */
  amend(name: string, changes: Partial<Pick<TrainingJobRecord, 'process' | 'tags' | 'metrics'>>): void;
}

export function createJobJournal(
  store: StateStore,
  announce: Announcer,
  wakeOutbox: () => void,
  now: () => number,
): JobJournal {
  const save = (job: TrainingJobRecord): void => {
    store.jobs.put(job.name, job, [announce.trainingJob(job, job.lastModifiedTime)]);
    wakeOutbox();
  };
  const current = (name: string): TrainingJobRecord => {
    const job = store.jobs.get(name);
    if (job === undefined) throw new Error(`The training job '${name}' is not in the state store`);
    return job;
  };
  return {
    current,
    create: save,
    move(name, status, secondary, changes) {
      save(enter(current(name), status, secondary, now(), changes));
    },
    amend(name, changes) {
      store.jobs.put(name, { ...current(name), ...changes });
    },
  };
}
