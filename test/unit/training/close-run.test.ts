import { describe, expect, it } from 'vitest';
import { DynamoDbRunLedger } from '../../../lambdas/adapters/dynamodb-run-ledger.ts';
import { policyState, runRecord } from '../../../lambdas/contracts/ledger.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import { closeEndedExecution } from '../../../lambdas/handlers/close-run/handler.ts';
import { startTraining } from '../../../lambdas/handlers/start-training/handler.ts';
import { executionArn, InMemoryExecutions } from '../../builders/in-memory-executions.ts';
import { InMemoryRecords } from '../../builders/in-memory-records.ts';
import { afterNoon, candidate, noon, policy, retraining, run, runId } from '../../builders/training.ts';

async function setUp(remembered = policy({ activeRun: runId, lastRequestedAt: noon, trainedRows: 100 })) {
  const records = new InMemoryRecords().seed(run(), remembered);
  const executions = new InMemoryExecutions();
  const start = startTraining({ records, executions });
  await start(retraining());
  const close = closeEndedExecution({
    ledger: new DynamoDbRunLedger(records),
    executions,
    now: () => afterNoon(5),
  });
  return {
    records,
    executions,
    start: () => start(retraining()),
    end(
      status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT',
      members: Parameters<InMemoryExecutions['end']>[2] = {},
    ) {
      executions.end(runId, status, members);
      return this.tell(status);
    },
    tell: (status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT') =>
      close({ executionArn: executionArn(runId), stateMachineArn: 'arn:machine', name: runId, status }),
    runRecord: async () =>
      runRecord.parse(await records.read({ project: 'tumours', record: `run#${runId}` })),
    policyState: async () => policyState.parse(await records.read({ project: 'tumours', record: 'policy' })),
  };
}

const registered = { ...candidate(), version: 3, modelPackageArn: 'arn:package/3' };

describe('start-training', () => {
  it('starts one execution, named as the run, and notes it', async () => {
    const world = await setUp();
    await world.start();
    expect(world.executions.names()).toEqual([runId]);
    expect(await world.runRecord()).toMatchObject({
      state: 'running',
      revision: 2,
      executionArn: executionArn(runId),
    });
  });

  it('does not reopen a run that was closed before its start was noted', async () => {
    const world = await setUp();
    world.records.seed(run());
    world.records.beforeCommit = () => void world.records.seed(run({ revision: 2, state: 'failed' }));
    await world.start();
    expect((await world.runRecord()).state).toBe('failed');
  });
});

describe('close-run', () => {
  it('keeps what was registered, frees the place and announces it', async () => {
    const world = await setUp();
    await world.end('SUCCEEDED', { output: JSON.stringify(registered) });
    expect(await world.runRecord()).toMatchObject({
      state: 'registered',
      version: 3,
      metrics: registered.metrics,
      reasons: registered.reasons,
      finishedAt: afterNoon(5),
    });
    const state = await world.policyState();
    expect(state).not.toHaveProperty('activeRun');
    expect(state.trainedRows).toBe(100);
    expect(world.records.announced).toMatchObject([
      { detailType: 'TrainingRunFinished.v1', detail: { runId, outcome: 'registered', version: 3 } },
    ]);
  });

  it('keeps the reasons of a rejection, and counts its rows as used', async () => {
    const world = await setUp();
    const output = candidate({ verdict: 'rejected', reasons: ['accuracy is 0.4, at least 0.5 wanted'] });
    await world.end('SUCCEEDED', { output: JSON.stringify(output) });
    expect(await world.runRecord()).toMatchObject({ state: 'rejected', reasons: output.reasons });
    expect((await world.policyState()).trainedRows).toBe(100);
  });

  it('keeps the first line of a failure, and gives its rows back', async () => {
    const world = await setUp();
    await world.end('FAILED', {
      error: 'States.TaskFailed',
      cause: JSON.stringify({ FailureReason: 'AlgorithmError: ValueError in pipeline.py:12: bad' }),
    });
    expect(await world.runRecord()).toMatchObject({
      state: 'failed',
      reasons: ['ValueError in pipeline.py:12: bad'],
    });
    const state = await world.policyState();
    expect(state).not.toHaveProperty('activeRun');
    expect(state).toMatchObject({ trainedRows: 40, lastRequestedAt: noon });
  });

  it('says so when the machine gave no cause', async () => {
    const world = await setUp();
    await world.end('TIMED_OUT');
    expect((await world.runRecord()).reasons).toEqual(['the run ended as TIMED_OUT, with no cause given']);
  });

  it('frees the place also when the output is not what it should be', async () => {
    const world = await setUp();
    await world.end('SUCCEEDED', { output: '{"hello":"world"}' });
    const { state, reasons } = await world.runRecord();
    expect(state).toBe('failed');
    expect(reasons[0]).toContain("the training machine's output does not fit its contract");
    expect(await world.policyState()).not.toHaveProperty('activeRun');
  });

  it('closes a run once', async () => {
    const world = await setUp();
    await world.end('FAILED');
    const before = world.records.all();
    await world.tell('FAILED');
    expect(world.records.all()).toEqual(before);
    expect(world.records.announced).toHaveLength(1);
  });

  it('takes nothing from another run that holds the place', async () => {
    const other = policy({ activeRun: 'tumours-ffffffffffff', trainedRows: 100, revision: 9 });
    const world = await setUp(other);
    await world.end('FAILED');
    expect(await world.policyState()).toEqual(other);
    expect((await world.runRecord()).state).toBe('failed');
  });

  it('reads again when somebody else was first', async () => {
    const world = await setUp();
    let meddled = false;
    world.records.beforeCommit = () => {
      if (!meddled) world.records.seed(policy({ revision: 2, activeRun: runId, trainedRows: 100 }));
      meddled = true;
    };
    await world.end('FAILED');
    expect(await world.policyState()).toMatchObject({ revision: 3, trainedRows: 40 });
  });

  it('leaves a run alone that somebody else closed at the same time', async () => {
    const world = await setUp(policy({ activeRun: 'tumours-ffffffffffff' }));
    const closed = run({ revision: 3, state: 'failed', reasons: ['closed by another'] });
    world.records.beforeCommit = () => void world.records.seed(closed);
    await world.end('FAILED');
    expect(await world.runRecord()).toEqual(closed);
    expect(world.records.announced).toEqual([]);
  });

  it('waits while the execution is going, or goes again', async () => {
    const world = await setUp();
    await world.tell('RUNNING');
    await world.tell('FAILED');
    expect((await world.runRecord()).state).toBe('running');
  });

  it('tries again when the execution is not known (yet)', async () => {
    const records = new InMemoryRecords().seed(run());
    const close = closeEndedExecution({
      ledger: new DynamoDbRunLedger(records),
      executions: new InMemoryExecutions(),
      now: () => noon,
    });
    const closing = close({
      executionArn: executionArn(runId),
      stateMachineArn: 'arn:machine',
      name: runId,
      status: 'FAILED',
    });
    await expect(closing).rejects.toThrow('but Step Functions does not know it');
    await expect(closing).rejects.not.toThrow(PermanentError);
  });

  it('buries the end of an execution that nobody requested', async () => {
    const world = await setUp();
    await expect(world.end('FAILED', { input: '{}' })).rejects.toThrow(PermanentError);
  });
});
