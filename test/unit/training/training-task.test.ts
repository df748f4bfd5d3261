import { describe, expect, it } from 'vitest';
import { finishTrainingJob } from '../../../lambdas/handlers/finish-training-job/handler.ts';
import { prepareTraining } from '../../../lambdas/handlers/prepare-training/handler.ts';
import { startTrainingJob } from '../../../lambdas/handlers/start-training-job/handler.ts';
import { InMemoryTaskTokens } from '../../builders/in-memory-executions.ts';
import { InMemoryImageRegistry } from '../../builders/in-memory-image-registry.ts';
import { InMemoryObjectStore } from '../../builders/in-memory-object-store.ts';
import { InMemoryRecords } from '../../builders/in-memory-records.ts';
import { InMemoryTrainingJobs } from '../../builders/in-memory-training-jobs.ts';
import { dataset, manifestUri, retraining, runId, tumours } from '../../builders/training.ts';

async function setUp() {
  const objects = new InMemoryObjectStore();
  objects.put(manifestUri, JSON.stringify(dataset([60, 10, 30])));
  const { job } = await prepareTraining({
    objects,
    projects: { tumours: tumours() },
    artifactBucket: 'artifacts',
    images: new InMemoryImageRegistry({ 'registry/trainer:1': 'sha256:0' }),
    trainingImage: 'registry/trainer:1',
    platform: { roleArn: 'arn:role', artifactKeyArn: 'arn:key' },
    code: { tumours: 's3://artifacts/code.zip' },
  })(retraining());
  const records = new InMemoryRecords();
  const jobs = new InMemoryTrainingJobs();
  const tasks = new InMemoryTaskTokens('first', 'second');
  const start = startTrainingJob({ records, jobs, tasks });
  return {
    records,
    jobs,
    tasks,
    start: (taskToken: string) => start({ taskToken, project: 'tumours', job }),
    finish: finishTrainingJob({ records, jobs, tasks }),
  };
}

const ended = (TrainingJobStatus: 'Completed' | 'Failed' | 'Stopped') => ({
  TrainingJobName: runId,
  TrainingJobStatus,
});
const completed = {
  ...ended('Completed'),
  ModelArtifacts: { S3ModelArtifacts: `s3://artifacts/tumours/runs/${runId}/output/model.tar.gz` },
};

describe('a training job that the machine waits for', () => {
  it('hands its description to the waiting state, once', async () => {
    const { jobs, tasks, start, finish } = await setUp();
    await start('first');
    expect(jobs.requests.map(({ TrainingJobName }) => TrainingJobName)).toEqual([runId]);
    jobs.put(completed);
    await finish(ended('Completed'));
    await finish(ended('Completed'));
    expect(tasks.answers).toEqual([{ token: 'first', output: completed }]);
  });

  it('keeps the token before the job starts, as the job may be quicker', async () => {
    const { records, jobs, tasks, start, finish } = await setUp();
    jobs.start = async () => {
      jobs.put(completed);
      await finish(ended('Completed'));
      return 'started';
    };
    await start('first');
    expect(tasks.answers).toHaveLength(1);
    expect(await records.list('tumours', 'training-job#', 9)).toHaveLength(1);
  });

  it('answers a second attempt whose job ended under the first', async () => {
    const { jobs, tasks, start } = await setUp();
    await start('first');
    jobs.put(completed);
    await start('second');
    expect(tasks.answers).toEqual([{ token: 'second', output: completed }]);
    expect(jobs.requests).toHaveLength(1);
  });

  it('lets a second attempt wait for a job that is still going', async () => {
    const { jobs, tasks, start, finish } = await setUp();
    await start('first');
    await start('second');
    expect(tasks.answers).toEqual([]);
    jobs.put(completed);
    await finish(ended('Completed'));
    expect(tasks.answers.map(({ token }) => token)).toEqual(['second']);
  });

  it.each([
    ['Failed', 'AlgorithmError: ValueError: bad', 'AlgorithmError: ValueError: bad'],
    [
      'Stopped',
      undefined,
      `training job ${runId} ended as Stopped (MaxRuntimeExceeded): it ran for its maximum runtime; raise training.maximumRuntimeSeconds in project.ts, or let it train less, and deploy`,
    ],
  ] as const)('fails the waiting state when it is %s', async (status, FailureReason, expected) => {
    const { jobs, tasks, start, finish } = await setUp();
    await start('first');
    jobs.put({ ...ended(status), FailureReason, SecondaryStatus: 'MaxRuntimeExceeded' });
    await finish(ended(status));
    const [answer] = tasks.answers;
    expect(answer?.error).toBe('States.TaskFailed');
    expect(JSON.parse(answer?.cause ?? '')).toEqual({
      TrainingJobName: runId,
      TrainingJobStatus: status,
      FailureReason: expected,
    });
  });

  it.each([
    ['a job of a name that Millrace does not give', 'somebody-elses'],
    ['a job that no state waits for', 'tumours-ffffffffffff'],
  ])('ignores %s', async (_case, TrainingJobName) => {
    const { tasks, finish } = await setUp();
    await finish({ TrainingJobName, TrainingJobStatus: 'Completed' });
    expect(tasks.answers).toEqual([]);
  });

  it('ignores that a job goes on', async () => {
    const { tasks, start, finish } = await setUp();
    await start('first');
    await finish({ TrainingJobName: runId, TrainingJobStatus: 'InProgress' });
    expect(tasks.answers).toEqual([]);
  });
});
