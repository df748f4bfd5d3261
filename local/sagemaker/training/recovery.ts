import type { TrainingContext } from '../context.ts';
import { isTerminal } from './job-state.ts';
import { killLeftoverGroup } from './process-identity.ts';
import { SHUTDOWN_REASON } from './run-job.ts';
import type { TrainingSupervisor } from './supervisor.ts';

/** After a start: jobs that were running when the server died have failed, and those that waited wait again. */
export function recoverJobs(
  { store, journal, log, now }: TrainingContext,
  supervisor: TrainingSupervisor,
): void {
  const unfinished = store.jobs.list().filter((job) => !isTerminal(job));
  for (const job of unfinished.sort((a, b) => a.creationTime - b.creationTime)) {
    if (job.status === 'InProgress' && job.secondaryStatus === 'Pending') {
      supervisor.submit(job.name);
      continue;
    }
    if (job.process !== undefined && killLeftoverGroup(job.process)) {
      log({
        level: 'warn',
        message: 'Killed the leftover process of a training job',
        job: job.name,
        pid: job.process.pid,
      });
    }
    journal.amend(job.name, { process: undefined });
    journal.move(job.name, 'Failed', 'Failed', {
      failureReason: SHUTDOWN_REASON,
      ...(job.trainingStartTime === undefined ? {} : { trainingEndTime: now() }),
    });
  }
}
