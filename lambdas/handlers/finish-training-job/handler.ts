import { ledgerKeys, trainingTask } from '../../contracts/ledger.ts';
import type { TrainingJobStateChanged } from '../../contracts/sagemaker-events.ts';
import type { TaskTokens } from '../../domain/ports/executions.ts';
import type { Records } from '../../domain/ports/records.ts';
import type { TrainingJobs } from '../../domain/ports/training-jobs.ts';
import { projectOfRun } from '../../domain/training/run-id.ts';
import { answerForTask } from '../../domain/training/task-answer.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs } from '../../runtime/parse.ts';

interface World {
  readonly records: Records;
  readonly jobs: TrainingJobs;
  readonly tasks: TaskTokens;
}

/** Tells the waiting state machine how a training job ended. Somebody else's job has no token here. */
export function finishTrainingJob({ records, jobs, tasks }: World) {
  return async ({
    TrainingJobName: name,
    TrainingJobStatus: status,
  }: TrainingJobStateChanged): Promise<void> => {
    if (status === 'InProgress' || status === 'Stopping') return;
    const project = projectOfRun(name);
    const stored = project && (await records.read({ project, record: ledgerKeys.trainingJob(name) }));
    if (!stored) {
      logger.info('no state waits for this training job', { name, status });
      return;
    }
    const { taskToken } = parseAs(trainingTask, stored, `the token of training job ${name}`);
    const answer = answerForTask(await jobs.describe(name));
    if (!answer)
      throw new Error(`training job ${name} was announced as ${status}, but is described as going on`);
    const waited =
      answer.kind === 'succeeded'
        ? await tasks.succeed(taskToken, answer.output)
        : await tasks.fail(taskToken, answer.error, answer.cause);
    logger.info(waited ? 'told the machine' : 'nobody waits for this token any more', { name, status });
  };
}
