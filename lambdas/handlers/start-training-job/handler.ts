import { ledgerKeys } from '../../contracts/ledger.ts';
import { startTrainingJobInput } from '../../contracts/training-steps.ts';
import type { TaskTokens } from '../../domain/ports/executions.ts';
import type { Records } from '../../domain/ports/records.ts';
import type { TrainingJobs } from '../../domain/ports/training-jobs.ts';
import { answerForTask } from '../../domain/training/task-answer.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs } from '../../runtime/parse.ts';

interface World {
  readonly records: Records;
  readonly jobs: TrainingJobs;
  readonly tasks: TaskTokens;
}

/**
 * Starts a training job for a state that waits for a task token. The token is kept first: the job may end before this
 * function does.
 */
export function startTrainingJob({ records, jobs, tasks }: World) {
  return async (input: unknown): Promise<void> => {
    const { taskToken, project, job } = parseAs(
      startTrainingJobInput,
      input,
      'the input of start-training-job',
    );
    const name = job.TrainingJobName;
    await records.commit([
      { item: { project, record: ledgerKeys.trainingJob(name), taskToken }, condition: 'any' },
    ]);
    if ((await jobs.start(job)) === 'started') return;

    // An earlier attempt started it. If it has ended since, its event found the earlier attempt's token.
    const answer = answerForTask(await jobs.describe(name));
    logger.info('the training job was started before', { name, ended: answer !== undefined });
    if (answer?.kind === 'succeeded') await tasks.succeed(taskToken, answer.output);
    if (answer?.kind === 'failed') await tasks.fail(taskToken, answer.error, answer.cause);
  };
}
