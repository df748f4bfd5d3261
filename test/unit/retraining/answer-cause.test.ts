import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DynamoDbRunLedger } from '../../../lambdas/adapters/dynamodb-run-ledger.ts';
import { decisionRecord, policyState, runRecord } from '../../../lambdas/contracts/ledger.ts';
import { retrainingRequested } from '../../../lambdas/contracts/retraining-requested.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import type { Cause } from '../../../lambdas/domain/retraining/cause.ts';
import { driftCause, newDataCause, personCause } from '../../../lambdas/domain/retraining/cause.ts';
import { runIdFor } from '../../../lambdas/domain/training/run-id.ts';
import { answerCause } from '../../../lambdas/handlers/decide-retraining/handler.ts';
import { InMemoryExecutions } from '../../builders/in-memory-executions.ts';
import { InMemoryRecords } from '../../builders/in-memory-records.ts';
import {
  afterNoon,
  datasetId,
  hashOf,
  head,
  manifestUri,
  noon,
  policy,
  run,
  tumours,
} from '../../builders/training.ts';

const upload = (key: string, versionId = 'v1') =>
  newDataCause('millrace-dev', {
    project: 'tumours',
    datasetId,
    manifestUri,
    rawObject: { bucket: 'raw', key, versionId },
    rows: 100,
    datasetRows: 100,
    acceptedAt: noon,
  });
const asked = (requestId: string) =>
  personCause('millrace-dev', { project: 'tumours', requestId, reason: 'because', askedAt: noon });

function setUp(now = noon) {
  const records = new InMemoryRecords();
  const answer = answerCause({
    records,
    ledger: new DynamoDbRunLedger(records),
    executions: new InMemoryExecutions(),
    projects: { tumours: tumours() },
    now: () => now,
    timeScale: 1,
  });
  return { records, answer };
}

describe('a cause', () => {
  it('is named by its content', () => {
    expect(upload('a.csv')).toEqual(upload('a.csv'));
    expect(upload('a.csv', 'v2').decisionId).not.toBe(upload('a.csv', 'v1').decisionId);
    const detection = { project: 'tumours', version: 1, features: [], rows: 1, windows: 1, detectedAt: noon };
    expect(driftCause('millrace-dev', { ...detection, detectionId: 'x' }).decisionId).not.toBe(
      asked('x').decisionId,
    );
  });
});

describe('the run of a cause', () => {
  const detection = {
    project: 'tumours',
    detectionId: 'tumours-v1-k0-w2',
    version: 1,
    features: [],
    rows: 1,
    windows: 1,
    detectedAt: noon,
  };
  const accepted = {
    project: 'tumours',
    datasetId,
    manifestUri,
    rawObject: { bucket: 'raw', key: 'a.csv', versionId: 'null' },
    rows: 100,
    datasetRows: 100,
    acceptedAt: noon,
  };

  it.each([
    ['new data', (deployment: string) => newDataCause(deployment, accepted)],
    ['drift', (deployment: string) => driftCause(deployment, detection)],
    [
      'a person',
      (deployment: string) =>
        personCause(deployment, { project: 'tumours', requestId: '1', reason: 'because', askedAt: noon }),
    ],
  ])('%s: one name in a deployment, another one in another', (_kind, causeIn) => {
    const runIn = (deployment: string) => runIdFor('tumours', causeIn(deployment).decisionId);
    expect(runIn('millrace-dev')).toBe(runIn('millrace-dev'));
    expect(runIn('millrace-dev')).not.toBe(runIn('millrace-prod'));
  });
});

describe('decide-retraining', () => {
  it('writes decision, policy and run at once, and announces the request', async () => {
    const { records, answer } = setUp();
    records.seed(head(), policy({ revision: 4, trainedRows: 40 }));
    await answer(upload('a.csv'));

    const runId = `tumours-${upload('a.csv').decisionId.slice(0, 12)}`;
    const [decision] = (await records.list('tumours', 'decision#', 9)).map((item) =>
      decisionRecord.parse(item),
    );
    expect(decision).toMatchObject({ answer: 'requested', runId, cause: 'new-data', at: noon });
    expect(policyState.parse(await records.read({ project: 'tumours', record: 'policy' }))).toEqual({
      project: 'tumours',
      record: 'policy',
      revision: 5,
      activeRun: runId,
      lastRequestedAt: noon,
      trainedRows: 100,
    });
    expect(runRecord.parse(await records.read({ project: 'tumours', record: `run#${runId}` }))).toMatchObject(
      {
        state: 'requested',
        datasetRows: 100,
        previousTrainedRows: 40,
        manifestUri,
      },
    );
    expect(records.announced).toHaveLength(1);
    expect(retrainingRequested.detail.parse(records.announced[0]?.detail)).toMatchObject({
      runId,
      datasetId,
    });
  });

  it('records and announces a no', async () => {
    const { records, answer } = setUp(afterNoon(1));
    records.seed(head(), policy({ lastRequestedAt: noon, trainedRows: 99 }));
    await answer(upload('a.csv'));

    expect(records.announced.map(({ detailType }) => detailType)).toEqual(['RetrainingDeclined.v1']);
    const [decision] = (await records.list('tumours', 'decision#', 9)).map((item) =>
      decisionRecord.parse(item),
    );
    expect(decision?.answer).toBe('declined');
    expect(decision?.reasons).toHaveLength(2);
    expect(await records.list('tumours', 'run#', 9)).toEqual([]);
  });

  it('answers against the present dataset, not the one of the event', async () => {
    const { records, answer } = setUp();
    records.seed(head({ datasetId: hashOf('newer'), rows: 120 }));
    await answer(upload('a.csv'));
    expect(records.announced[0]?.detail).toMatchObject({ datasetId: hashOf('newer') });
  });

  it('decides again when somebody else was first', async () => {
    const { records, answer } = setUp();
    records.seed(head());
    let meddled = false;
    records.beforeCommit = () => {
      if (meddled) return;
      meddled = true;
      const other = 'tumours-ffffffffffff';
      records.seed(policy({ revision: 7, activeRun: other }), run({ runId: other, record: `run#${other}` }));
    };
    await answer(upload('a.csv'));
    expect(records.announced.map(({ detailType }) => detailType)).toEqual(['RetrainingDeclined.v1']);
  });

  it('gives up after some lost races, for the queue to try again', async () => {
    const { records, answer } = setUp();
    records.seed(head());
    let revision = 0;
    records.beforeCommit = () => void records.seed(policy({ revision: (revision += 1) }));
    await expect(answer(upload('a.csv'))).rejects.toThrow('others kept changing');
    expect(revision).toBe(5);
  });

  it('buries a cause of a project that is not deployed', async () => {
    const { answer } = setUp();
    const cause: Cause = { project: 'gone', kind: 'person', decisionId: hashOf('x') };
    await expect(answer(cause)).rejects.toThrow(PermanentError);
  });

  it('starts one run at most, and answers each cause once, however often and in whatever order they come', async () => {
    const causes = [upload('a.csv'), upload('b.csv'), asked('1'), asked('2')];
    const deliveries = fc.array(fc.constantFrom(...causes), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(deliveries, fc.boolean(), async (delivered, together) => {
        const { records, answer } = setUp();
        records.seed(head());
        if (together) await Promise.all(delivered.map(answer));
        else for (const cause of delivered) await answer(cause);
        const distinct = new Set(delivered.map(({ decisionId }) => decisionId)).size;
        expect(records.announced).toHaveLength(distinct);
        expect(await records.list('tumours', 'decision#', 99)).toHaveLength(distinct);
        expect(await records.list('tumours', 'run#', 99)).toHaveLength(1);
      }),
    );
  });
});
