import { describe, expect, it } from 'vitest';
import { DynamoDbRunLedger } from '../../../lambdas/adapters/dynamodb-run-ledger.ts';
import { policyState, runRecord } from '../../../lambdas/contracts/ledger.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import { personCause } from '../../../lambdas/domain/retraining/cause.ts';
import { runIdFor } from '../../../lambdas/domain/training/run-id.ts';
import { closeEndedExecution } from '../../../lambdas/handlers/close-run/handler.ts';
import { answerCause } from '../../../lambdas/handlers/decide-retraining/handler.ts';
import { startTraining } from '../../../lambdas/handlers/start-training/handler.ts';
import { executionArn, InMemoryExecutions } from '../../builders/in-memory-executions.ts';
import { InMemoryRecords } from '../../builders/in-memory-records.ts';
import {
  afterNoon,
  candidate,
  head,
  noon,
  policy,
  retraining,
  run,
  runId,
  tumours,
} from '../../builders/training.ts';

const cause = personCause('millrace-dev', {
  project: 'tumours',
  requestId: '1',
  reason: 'because',
  askedAt: noon,
});
const next = runIdFor('tumours', cause.decisionId);

/** A run that was started at noon and holds the place of its project. */
async function setUp({ minutes = 90, executions = new InMemoryExecutions() } = {}) {
  const records = new InMemoryRecords().seed(
    head({ rows: 120 }),
    run(),
    policy({ activeRun: runId, lastRequestedAt: noon, trainedRows: 100 }),
  );
  await startTraining({ records, executions })(retraining());
  const world = {
    records,
    ledger: new DynamoDbRunLedger(records),
    executions,
    projects: { tumours: tumours() },
    now: () => afterNoon(minutes),
    timeScale: 1,
  };
  const closeByEvent = closeEndedExecution(world);
  return {
    records,
    executions,
    ask: () => answerCause(world)(cause),
    tell: () =>
      closeByEvent({
        executionArn: executionArn(runId),
        stateMachineArn: 'arn:machine',
        name: runId,
        status: 'FAILED',
      }),
    announced: () => records.announced.map(({ detailType }) => detailType),
    run: async () => runRecord.parse(await records.read({ project: 'tumours', record: `run#${runId}` })),
    policy: async () => policyState.parse(await records.read({ project: 'tumours', record: 'policy' })),
  };
}

describe('decide-retraining, where the event of an execution’s end was lost', () => {
  it('closes the run as the event would have, then decides on the free place', async () => {
    const lost = await setUp();
    const heard = await setUp();
    for (const { executions } of [lost, heard]) {
      executions.end(runId, 'FAILED', { cause: 'the disk is full' });
    }
    await heard.tell();
    await heard.ask();
    await lost.ask();

    expect(await lost.run()).toMatchObject({
      state: 'failed',
      reasons: ['the disk is full'],
      finishedAt: afterNoon(90),
    });
    expect(lost.announced()).toEqual(['TrainingRunFinished.v1', 'RetrainingRequested.v1']);
    expect(lost.records.announced).toEqual(heard.records.announced);
    expect(lost.records.all()).toEqual(heard.records.all());
    expect(await lost.policy()).toMatchObject({ activeRun: next, trainedRows: 120 });
  });

  it('keeps what the run registered', async () => {
    const world = await setUp();
    const output = JSON.stringify({ ...candidate(), version: 3, modelPackageArn: 'arn:package/3' });
    world.executions.end(runId, 'SUCCEEDED', { output });
    await world.ask();
    expect(await world.run()).toMatchObject({ state: 'registered', version: 3 });
    expect((await world.policy()).activeRun).toBe(next);
  });

  it('is not undone or announced again by an event that comes late', async () => {
    const world = await setUp();
    world.executions.end(runId, 'FAILED');
    await world.ask();
    const before = world.records.all();
    await world.tell();
    await world.ask();
    expect(world.records.all()).toEqual(before);
    expect(world.announced()).toHaveLength(2);
  });

  it('announces the end once when the event comes at the same time', async () => {
    const world = await setUp();
    world.executions.end(runId, 'FAILED');
    await Promise.all([world.ask(), world.tell(), world.ask()]);
    expect(world.announced()).toEqual(['TrainingRunFinished.v1', 'RetrainingRequested.v1']);
  });

  it.each(['RUNNING', 'PENDING_REDRIVE'])('says no while the execution is %s', async (status) => {
    const world = await setUp();
    world.executions.end(runId, status);
    await world.ask();
    expect((await world.run()).state).toBe('running');
    expect(world.announced()).toEqual(['RetrainingDeclined.v1']);
  });

  it('leaves a run that was never started to whoever starts it', async () => {
    const world = await setUp({ minutes: 100 * 60 });
    world.records.seed(run());
    world.executions.end(runId, 'FAILED');
    await world.ask();
    expect((await world.run()).state).toBe('requested');
    expect(world.announced()).toEqual(['RetrainingDeclined.v1']);
  });

  it('tries again later, without an answer, when the execution cannot be looked at', async () => {
    const world = await setUp();
    world.executions.describe = async () => {
      throw new Error('throttled');
    };
    await expect(world.ask()).rejects.toThrow('throttled');
    await expect(world.ask()).rejects.not.toThrow(PermanentError);
    expect(world.announced()).toEqual([]);
  });

  it.each([
    { hours: 47, state: 'running', announced: ['RetrainingDeclined.v1'] },
    { hours: 48, state: 'failed', announced: ['TrainingRunFinished.v1', 'RetrainingRequested.v1'] },
  ])('takes an execution that nobody knows for $state after $hours h', async (expected) => {
    const world = await setUp({ minutes: expected.hours * 60 });
    world.executions.describe = async () => undefined;
    await world.ask();
    expect((await world.run()).state).toBe(expected.state);
    expect(world.announced()).toEqual(expected.announced);
  });
});
