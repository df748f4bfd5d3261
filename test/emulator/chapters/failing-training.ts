import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { DescribeTrainingJobCommand, StopTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { waitFor } from '../../../cli/client/wait-for.ts';
import type { RunRecord } from '../../../lambdas/contracts/ledger.ts';
import { trainingRunFinished } from '../../../lambdas/contracts/training-run-finished.ts';
import { changeVariables } from '../support/functions.ts';
import { writeObject } from '../support/objects.ts';
import { ended, project, retrain, type World } from '../support/world.ts';

interface BadCode {
  readonly what: string;
  readonly name: string;
  /** Content of `pipeline.py`. */
  readonly code: string;
  readonly reason: RegExp;
}

const working = `
from sklearn.linear_model import LogisticRegression


def build(config):
    return LogisticRegression()
`;

const codes: readonly BadCode[] = [
  {
    what: 'raises',
    name: 'raises',
    code: 'def build(config):\n    raise ValueError("the moon is full")\n',
    reason: /^ValueError in pipeline\.py:2: the moon is full$/,
  },
  {
    what: 'leaves without a model',
    name: 'no-model',
    code: 'import os\n\n\ndef build(config):\n    os._exit(0)\n',
    reason: /^the training code left no model: it must write model\.onnx and manifest\.json/,
  },
  {
    what: 'gives a metric that is no number',
    name: 'nan',
    code: `${working}
def spoilt(fit):
    def spoil(self, *args):
        fit(self, *args)
        self.coef_[:] = float("nan")
        return self
    return spoil


LogisticRegression.fit = spoilt(LogisticRegression.fit)
`,
    reason: /^a probability by scikit-learn is not finite/,
  },
];

const hanging =
  'import time\n\n\ndef build(config):\n    print("waiting for ever", flush=True)\n    time.sleep(3600)\n';

export function failingTraining(world: World): void {
  const { millrace, clients, events, files } = world;
  const { ArtifactBucketName } = millrace.outputs.data;

  /** Trains with other code than what was deployed, and puts the deployed code back. */
  async function trainWith(
    name: string,
    code: string,
    during: (runId: string) => Promise<void>,
  ): Promise<RunRecord> {
    const uri = `s3://${ArtifactBucketName}/emulator-suite/${name}/code.zip`;
    await writeObject(world, uri, await zip(name, code));
    const restore = await changeVariables(clients, `${world.cloud.prefix}-prepare-training`, () => ({
      TRAINING_CODE: JSON.stringify({ [project]: uri }),
    }));
    try {
      const runId = await retrain(world, `code that ${name}`);
      await during(runId);
      return await ended(world, runId);
    } finally {
      await restore();
    }
  }

  async function zip(name: string, code: string): Promise<Buffer> {
    const file = await files.written(`pipeline.py`, code);
    const archive = `${file}.${name}.zip`;
    const script = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w").write(sys.argv[2], "pipeline.py")';
    await promisify(execFile)('python3', ['-c', script, archive, file], { cwd: dirname(file) });
    return readFile(archive);
  }

  async function expectFailure(run: RunRecord, reason: RegExp): Promise<void> {
    expect(run.state).toBe('failed');
    expect(run.reasons).toHaveLength(1);
    expect(run.reasons[0]).toMatch(reason);
    expect(run.reasons[0]).not.toContain('\n');
    const { detail } = await events.next(trainingRunFinished, ({ runId }) => runId === run.runId);
    expect(detail).toMatchObject({ outcome: 'failed', reasons: run.reasons });
    expect((await millrace.runs(project))[0]).toMatchObject({ runId: run.runId, state: 'failed' });
    // The champion serves, the place is free, and the rows count as they did before.
    const [row = {}] = await files.unlabelled('usual', 1);
    expect(await millrace.predict(project, [row])).toMatchObject({ version: 1 });
    const policy = await millrace.policyState(project);
    expect([policy?.activeRun, policy?.trainedRows]).toEqual([undefined, 569]);
  }

  test.each(codes)(
    'code that $what: the run fails with the first line of the cause',
    async ({ name, code, reason }) => {
      await expectFailure(await trainWith(name, code, async () => undefined), reason);
    },
  );

  test('an error that no retry can mend is not tried again', async () => {
    const failed = (await millrace.runs(project)).find(({ reasons }) =>
      codes[1]?.reason.test(reasons[0] ?? ''),
    );
    const { events: history = [] } = await clients.states.send(
      new GetExecutionHistoryCommand({ executionArn: failed?.executionArn, maxResults: 1000 }),
    );
    const failures = history.filter(({ type }) => type === 'LambdaFunctionFailed' || type === 'TaskFailed');
    expect(failures).toHaveLength(1);
  });

  test('code that hangs holds the place until its job is stopped', async () => {
    const run = await trainWith('hangs', hanging, async (runId) => {
      const sageMaker = millrace.clients.sageMaker;
      const TrainingJobName = runId;
      await waitFor(
        'the job to hang',
        async (saw) => {
          const job = await sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName })).catch(notYet);
          saw(job?.SecondaryStatus);
          return job?.SecondaryStatus === 'Training' ? job : undefined;
        },
        { timeoutMs: 60_000, intervalMs: 100 },
      );
      expect(await millrace.policyState(project)).toMatchObject({ activeRun: runId });
      await expect(retrain(world, 'while one hangs')).rejects.toThrow(`run ${runId} is still going`);
      await sageMaker.send(new StopTrainingJobCommand({ TrainingJobName }));
    });
    await expectFailure(run, /^training job .* ended as Stopped/);
  });

  test('with the deployed code again, a run ends as it did before', async () => {
    expect(await ended(world, await retrain(world, 'all is well again'))).toMatchObject({
      state: 'rejected',
    });
  });
}

/** The job is created some time after its run. */
function notYet(error: unknown): undefined {
  if (error instanceof Error && /not found|does not exist|could not find/i.test(error.message))
    return undefined;
  throw error;
}
