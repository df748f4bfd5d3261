import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { KinesisCapture, type KinesisCaptureOptions } from '../../../lambdas/adapters/kinesis-capture.ts';
import { predictionRecord, type PredictionRecord } from '../../../lambdas/contracts/prediction-record.ts';

const putRecords = z.object({
  StreamName: z.literal('predictions'),
  Records: z.array(z.object({ Data: z.base64(), PartitionKey: z.string() })).min(1),
});
type Entry = z.infer<typeof putRecords>['Records'][number];

/** PutRecords over HTTP/2, as the SDK's client speaks to it. */
class Stream {
  /** The entries of each call. */
  readonly calls: Entry[][] = [];
  /** For each call: `down`, or which of its entries are refused. */
  answer: (call: number) => 'down' | ((index: number) => boolean) = () => () => false;
  client!: KinesisClient;
  readonly #sessions: ServerHttp2Session[] = [];
  readonly #server: Http2Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { Records } = putRecords.parse(JSON.parse(Buffer.concat(chunks).toString()));
      this.calls.push(Records);
      const refused = this.answer(this.calls.length);
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.statusCode = refused === 'down' ? 500 : 200;
      response.end(
        refused === 'down'
          ? '{"__type":"InternalFailureException"}'
          : JSON.stringify({
              Records: Records.map((_, i) =>
                refused(i)
                  ? { ErrorCode: 'ProvisionedThroughputExceededException' }
                  : { SequenceNumber: '1', ShardId: 's' },
              ),
            }),
      );
    });
  });

  async start(): Promise<void> {
    this.#server.on('session', (session) => this.#sessions.push(session));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.client = new KinesisClient({
      endpoint: `http://127.0.0.1:${address.port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  }

  async stop(): Promise<void> {
    this.client.destroy();
    for (const session of this.#sessions) session.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Every record sent in any call. */
  sent(): PredictionRecord[] {
    return this.calls
      .flat()
      .map(({ Data }) => predictionRecord.parse(JSON.parse(Buffer.from(Data, 'base64').toString())));
  }
}

let stream: Stream;
let warnings: { message: string; details: Readonly<Record<string, unknown>> }[];

beforeEach(async () => {
  [stream, warnings] = [new Stream(), []];
  await stream.start();
});

afterEach(() => stream.stop());

const captureTo = (options: Partial<KinesisCaptureOptions> = {}): KinesisCapture =>
  new KinesisCapture({
    client: stream.client,
    streamName: 'predictions',
    partitionKey: ({ inferenceId }) => inferenceId,
    warn: (message, details) => warnings.push({ message, details }),
    retryPauseMs: 1,
    ...options,
  });

const record = (id: number, features: PredictionRecord['features'] = { size: [1] }): PredictionRecord => ({
  schemaVersion: 1,
  inferenceId: `inference-${id}`,
  project: 'stones',
  version: 1,
  variant: 'champion',
  at: '2026-11-20T12:00:00.000Z',
  status: 200,
  latencyMs: 1,
  rows: Object.values(features)[0]?.length ?? 0,
  features,
  predictions: ['large'],
});

const ids = (records: readonly PredictionRecord[]): string[] => records.map(({ inferenceId }) => inferenceId);

describe('capture to Kinesis', () => {
  it('sends what was captured, by their key, in batches of at most 500', async () => {
    const capture = captureTo();
    for (let i = 0; i < 1201; i++) capture.capture(record(i));
    expect(stream.calls).toEqual([]);
    await capture.flush();
    expect(stream.calls.map((call) => call.length)).toEqual([500, 500, 201]);
    expect(stream.calls[0]?.[0]?.PartitionKey).toBe('inference-0');
    expect(ids(stream.sent())).toEqual(Array.from({ length: 1201 }, (_, i) => `inference-${i}`));
    expect([capture.waiting, capture.dropped]).toEqual([0, 0]);
  });

  it('keeps a batch under 5 MiB', async () => {
    const capture = captureTo();
    for (let i = 0; i < 8; i++) capture.capture(record(i, { text: ['x'.repeat(900_000)] }));
    await capture.flush();
    expect(stream.calls.map((call) => call.length)).toEqual([5, 3]);
  });

  it('sends again only the entries that were refused', async () => {
    stream.answer = (call) => (i) => call === 1 && i % 2 === 1;
    const capture = captureTo();
    for (let i = 0; i < 4; i++) capture.capture(record(i));
    await capture.flush();
    expect(stream.calls.map((call) => call.map(({ PartitionKey }) => PartitionKey))).toEqual([
      ['inference-0', 'inference-1', 'inference-2', 'inference-3'],
      ['inference-1', 'inference-3'],
    ]);
    expect(warnings).toEqual([]);
  });

  it('keeps records while the stream is down, trying three times in a flush, and sends them later in order', async () => {
    stream.answer = () => 'down';
    const capture = captureTo();
    for (let i = 0; i < 600; i++) capture.capture(record(i));
    await capture.flush();
    expect(stream.calls).toHaveLength(3);
    expect(capture.waiting).toBe(600);
    expect(warnings).toHaveLength(1);
    stream.answer = () => () => false;
    stream.calls.length = 0;
    capture.capture(record(600));
    await capture.flush();
    expect(ids(stream.sent())).toEqual(Array.from({ length: 601 }, (_, i) => `inference-${i}`));
  });

  it('drops a record that was refused again and again, counted and warned of', async () => {
    stream.answer = () => 'down';
    const capture = captureTo();
    capture.capture(record(0));
    for (let i = 0; i < 4; i++) await capture.flush();
    expect(stream.calls).toHaveLength(12);
    expect([capture.waiting, capture.dropped]).toEqual([0, 1]);
    expect(warnings.at(-1)?.details).toMatchObject({ records: 1, droppedInAll: 1 });
  });

  it('drops what goes beyond its bounds, by records and by values', () => {
    const byRecords = captureTo({ maximumWaiting: 2 });
    for (let i = 0; i < 5; i++) byRecords.capture(record(i));
    expect([byRecords.waiting, byRecords.dropped]).toEqual([2, 3]);
    const byValues = captureTo({ maximumWaitingValues: 10 });
    for (let i = 0; i < 3; i++) byValues.capture(record(i, { size: [1, 2] }));
    expect([byValues.waiting, byValues.dropped]).toEqual([2, 1]);
    expect(warnings).toHaveLength(4);
  });

  it('never holds more than its bounds when new records come during a failing flush', async () => {
    stream.answer = () => 'down';
    const capture = captureTo({ maximumWaiting: 3 });
    for (let i = 0; i < 3; i++) capture.capture(record(i));
    const flush = capture.flush();
    for (let i = 3; i < 6; i++) capture.capture(record(i));
    await flush;
    expect(capture.waiting + capture.dropped).toBe(6);
    expect(capture.waiting).toBe(3);
  });

  it('sends a record of more than 1 MiB without its features, and says so', async () => {
    const capture = captureTo();
    capture.capture(record(0, { text: ['x'.repeat(1024 * 1024)] }));
    await capture.flush();
    expect(stream.sent()).toMatchObject([
      { inferenceId: 'inference-0', features: {}, predictions: ['large'] },
    ]);
    expect(warnings[0]?.message).toMatch(/without its features/);
  });

  it('flushes once for all who ask at once, and takes along what comes meanwhile', async () => {
    const capture = captureTo();
    capture.capture(record(0));
    const flushes = [capture.flush(), capture.flush()];
    capture.capture(record(1));
    await Promise.all(flushes);
    expect(ids(stream.sent())).toEqual(['inference-0', 'inference-1']);
    expect(stream.calls).toHaveLength(2);
  });
});
