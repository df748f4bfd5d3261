import { once } from 'node:events';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { KinesisCapture } from '../../../lambdas/adapters/kinesis-capture.ts';
import { afterResponse } from '../../../lambdas/runtime/after-response.ts';
import { apiEvent, ServingSetup } from '../../builders/serving-setup.ts';
import { makeTestGraphs, type TestGraph } from '../../builders/test-graphs.ts';

let graphs: Record<TestGraph, Uint8Array>;
const server = createServer();
const sessions: ServerHttp2Session[] = [];
/** Calls to the stream that wait for an answer. */
const calls: ServerHttp2Stream[] = [];
let endpoint: string;

beforeAll(async () => {
  graphs = makeTestGraphs();
  server.on('session', (session) => sessions.push(session));
  server.on('stream', (call) => calls.push(call));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  endpoint = `http://127.0.0.1:${address.port}`;
}, 60_000);

afterAll(async () => {
  for (const session of sessions) session.destroy();
  server.close();
  await once(server, 'close');
});

async function serve(streamEndpoint: string) {
  const client = new KinesisClient({
    endpoint: streamEndpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const warn = vi.fn<(message: string) => void>();
  const capture = new KinesisCapture({
    client,
    streamName: 'predictions',
    partitionKey: ({ project }) => project,
    warn,
    retryPauseMs: 1,
  });
  const setup = new ServingSetup(graphs, { capture: (record) => capture.capture(record) });
  setup.route('stones', { champion: await setup.publishStones(1) });
  const wrap = await afterResponse({ work: () => capture.flush(), warn, runtimeApi: undefined, gatherMs: 1 });
  const handler = wrap(setup.handle);
  const ask = () =>
    handler(apiEvent('POST', '/models/stones/predict', '{"rows":[{"size":1,"colour":"red"}]}'), {
      awsRequestId: 'a',
    });
  return { ask, capture, client, warn };
}

it('a stream that does not answer delays no prediction', async () => {
  const { ask, capture, client } = await serve(endpoint);
  expect(await ask()).toMatchObject({ statusCode: 200 });
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  for (let i = 0; i < 20; i++) expect(await ask()).toMatchObject({ statusCode: 200 });
  expect(calls).toHaveLength(1);
  expect(capture.waiting).toBe(20);
  client.destroy();
});

it('a stream that cannot be reached fails no prediction, and the operators hear of it', async () => {
  const { ask, capture, client, warn } = await serve('http://127.0.0.1:9');
  expect(await ask()).toMatchObject({ statusCode: 200 });
  await vi.waitFor(() => expect(warn).toHaveBeenCalled());
  expect(await ask()).toMatchObject({ statusCode: 200 });
  expect(capture.waiting).toBe(2);
  client.destroy();
});
