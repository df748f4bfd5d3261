import { expect, test } from 'vitest';
import { item } from './dynamo-json.ts';
import { json } from './fake-cloud.ts';
import type { SeenRequest } from './fake-cloud.ts';
import { datasetItem, decisionItem, routingItem, runItem, windowItem } from './records.ts';
import { withCloud } from './with-cloud.ts';

const world = withCloud();

test('runs come newest first, over several pages', async () => {
  const pages = [
    {
      Items: [item(runItem('aaa', 10)), item(runItem('zzz', 1))],
      LastEvaluatedKey: item({ project: 'wine', record: 'run#zzz' }),
    },
    { Items: [item(runItem('mmm', 30))] },
  ];
  world.cloud.answers = { Query: () => json(pages.shift()) };
  const millrace = await world.connect();
  expect((await millrace.runs('wine')).map(({ runId }) => runId)).toEqual(['mmm', 'aaa', 'zzz']);
  expect(JSON.parse(world.cloud.requests.at(-1)?.body ?? '')).toMatchObject({
    ExclusiveStartKey: { record: { S: 'run#zzz' } },
  });
});

test('a record that fits no contract is told with its key', async () => {
  world.cloud.answers = { Query: () => json({ Items: [item(runItem('aaa', 1, { state: 'dreaming' }))] }) };
  const millrace = await world.connect();
  await expect(millrace.runs('wine')).rejects.toThrow("record 'run#aaa' of 'wine' in ledger does not fit");
});

test('drift speaks of the champion: its last window and how many in a row drifted on that shard', async () => {
  const windows = [
    windowItem(4, 4),
    windowItem(3, 3),
    windowItem(2, 2, { drifted: false }),
    windowItem(1, 1),
    windowItem(9, 3, { record: 'window#000002#00000009#shardId-1', drifted: false }),
  ];
  world.cloud.answers = {
    GetItem: () => json({ Item: item(routingItem) }),
    Query: () => json({ Items: windows.map(item) }),
  };
  const millrace = await world.connect();
  const drift = await millrace.drift('wine');
  expect(drift.lastWindow?.number).toBe(4);
  expect(drift.driftedInARow).toBe(2);
  expect(JSON.parse(world.cloud.requests.at(-1)?.body ?? '')).toMatchObject({
    TableName: 'monitors',
    ExpressionAttributeValues: { ':prefix': { S: 'window#000002#' } },
  });
});

test('status gathers what is known of a project', async () => {
  const lists: Record<string, object[]> = {
    'run#': [runItem('run-1', 1), runItem('run-2', 2, { state: 'running', finishedAt: undefined })],
    'decision#': [decisionItem('d1', 1), decisionItem('d2', 5)],
    'window#000002#': [windowItem(1, 1)],
  };
  const records: Record<string, object> = {
    routing: routingItem,
    dataset: datasetItem,
    policy: { project: 'wine', record: 'policy', revision: 1, activeRun: 'run-2', trainedRows: 120 },
  };
  const valueAt = ({ body }: SeenRequest, pattern: RegExp) => pattern.exec(body)?.[1] ?? '';
  world.cloud.answers = {
    GetItem: (request) => {
      const found = records[valueAt(request, /"record":\{"S":"([^"]+)"/)];
      return json(found ? { Item: item({ ...found }) } : {});
    },
    Query: (request) => {
      const found = lists[valueAt(request, /":prefix":\{"S":"([^"]+)"/)] ?? [];
      return json({ Items: found.map((record) => item(defined(record))) });
    },
  };
  const millrace = await world.connect();
  const { projects, endpoint } = await millrace.status('wine');
  expect(endpoint).toBe(world.cloud.url);
  expect(projects).toMatchObject([
    {
      project: 'wine',
      champion: { version: 2, weightPercent: 90 },
      challenger: { version: 3, weightPercent: 10 },
      previous: 1,
      dataset: { rows: 120 },
      activeRun: { runId: 'run-2' },
      lastRun: { runId: 'run-2' },
      lastDecision: { decisionId: 'd2' },
      drift: { lastWindow: { number: 1 }, driftedInARow: 1 },
      predictUrl: `${world.cloud.url}/models/wine/predict`,
    },
  ]);
});

test('status of a project before its first upload is empty, not an error', async () => {
  world.cloud.answers = { GetItem: () => json({}), Query: () => json({ Items: [] }) };
  const millrace = await world.connect();
  const { projects } = await millrace.status();
  expect(projects.map(({ project }) => project)).toEqual(['breast-cancer', 'wine']);
  expect(projects[0]).toMatchObject({ champion: undefined, dataset: undefined, lastDecision: undefined });
});

function defined(record: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
