import { expect, test } from 'vitest';
import type { LogEntry } from '../../../cli/client/log-events.ts';
import { item } from './dynamo-json.ts';
import { json } from './fake-cloud.ts';
import { runItem } from './records.ts';
import { withCloud } from './with-cloud.ts';

const world = withCloud();
const now = Date.now();
const finishedAt = new Date(now).toISOString();
const groupOf = (body: string) => /"logGroupName":"([^"]+)"/.exec(body)?.[1] ?? '';

function fakeLogs(events: Record<string, object[]>): void {
  const functions = Object.keys(events).filter((name) => name.startsWith('/aws/lambda/'));
  world.cloud.answers = {
    DescribeLogGroups: () => json({ logGroups: functions.map((logGroupName) => ({ logGroupName })) }),
    DescribeLogStreams: ({ body }) => {
      const runId = /"logStreamNamePrefix":"([^"]+)\/"/.exec(body)?.[1];
      return json({ logStreams: runId === 'run-1' ? [{ logStreamName: 'run-1/algo-1-1' }] : [] });
    },
    FilterLogEvents: ({ body }) => json({ events: events[groupOf(body)] ?? [] }),
    Query: ({ body }) => {
      const wine = body.includes('"S":"wine"');
      const runs = [
        runItem('run-1', 0, { finishedAt }),
        runItem('run-old', 0, { finishedAt: '2020-01-01T00:00:00Z' }),
      ];
      return json({ Items: wine ? runs.map(item) : [] });
    },
  };
}

async function collect(entries: AsyncIterable<LogEntry>): Promise<LogEntry[]> {
  const collected: LogEntry[] = [];
  for await (const entry of entries) collected.push(entry);
  return collected;
}

test('functions and trainings are merged by time', async () => {
  fakeLogs({
    '/aws/lambda/millrace-local-ingest-object': [
      { timestamp: now - 3000, message: 'first\n', logStreamName: 's' },
      { timestamp: now - 1000, message: 'third', logStreamName: 's' },
    ],
    '/aws/sagemaker/TrainingJobs': [
      { timestamp: now - 2000, message: 'second', logStreamName: 'run-1/algo-1-1' },
    ],
  });
  const millrace = await world.connect();
  const entries = await collect(millrace.logs());
  expect(entries.map(({ source, kind, message }) => [source, kind, message])).toEqual([
    ['ingest-object', 'function', 'first'],
    ['run-1', 'training', 'second'],
    ['ingest-object', 'function', 'third'],
  ]);
  expect(world.cloud.sent('DescribeLogGroups')[0]?.body).toContain('"/aws/lambda/millrace-local-"');
  const asked = world.cloud.sent('DescribeLogStreams').map(({ body }) => body);
  expect(asked.filter((body) => body.includes('run-old'))).toEqual([]);
  expect(
    world.cloud.sent('FilterLogEvents').find(({ body }) => body.includes('TrainingJobs'))?.body,
  ).toContain('"logStreamNames":["run-1/algo-1-1"]');
});

test('a project keeps its trainings and the lines that name it', async () => {
  fakeLogs({
    '/aws/lambda/millrace-local-serve': [
      { timestamp: now - 3, message: '{"project":"wine","x":1}', logStreamName: 's' },
      { timestamp: now - 2, message: 'of swine and men', logStreamName: 's' },
      { timestamp: now - 1, message: 'started wine-v2', logStreamName: 's' },
    ],
    '/aws/sagemaker/TrainingJobs': [{ timestamp: now, message: 'epoch 1', logStreamName: 'run-1/algo-1-1' }],
  });
  const millrace = await world.connect();
  const messages = (await collect(millrace.logs('wine'))).map(({ message }) => message);
  expect(messages).toEqual(['{"project":"wine","x":1}', 'started wine-v2', 'epoch 1']);
});

test('one function can be chosen; trainings are then left out', async () => {
  fakeLogs({
    '/aws/lambda/millrace-local-serve': [{ timestamp: now, message: 'served', logStreamName: 's' }],
    '/aws/lambda/millrace-local-ingest': [{ timestamp: now, message: 'ingested', logStreamName: 's' }],
    '/aws/sagemaker/TrainingJobs': [{ timestamp: now, message: 'epoch 1', logStreamName: 'run-1/algo-1-1' }],
  });
  const millrace = await world.connect();
  const messages = (await collect(millrace.logs(undefined, { function: 'Serve' }))).map(
    ({ message }) => message,
  );
  expect(messages).toEqual(['served']);
});

test('following gives each line once, late and equal ones too', async () => {
  const line = { timestamp: now, message: 'same', logStreamName: 's' };
  const group = '/aws/lambda/millrace-local-serve';
  const events: Record<string, object[]> = { [group]: [line, line] };
  fakeLogs(events);
  const millrace = await world.connect();
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const { message } of millrace.logs(undefined, { follow: true, signal: stop.signal })) {
    seen.push(message);
    if (seen.length === 2) events[group]?.push(line, { ...line, timestamp: now - 500, message: 'late' });
    if (seen.length === 4) stop.abort();
  }
  expect(seen).toEqual(['same', 'same', 'late', 'same']);
});

test('before any training there is no group for trainings, which is no error', async () => {
  fakeLogs({});
  world.cloud.answers = {
    ...world.cloud.answers,
    DescribeLogStreams: () => json({ __type: 'ResourceNotFoundException', message: 'no such group' }, 400),
  };
  const millrace = await world.connect();
  expect(await collect(millrace.logs('wine'))).toEqual([]);
});
