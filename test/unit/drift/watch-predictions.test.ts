import { describe, expect, it } from 'vitest';
import type { PredictionRecord } from '../../../lambdas/contracts/prediction-record.ts';
import { baselineFor, capturedAnswer, normal, seededRandom } from '../../builders/drift.ts';
import { kinesisEvent } from '../../builders/kinesis-event.ts';
import { project, routingRow, WatchedStream } from '../../builders/watched-stream.ts';

const random = seededRandom(11);
const trained = Array.from({ length: 1000 }, () => normal(random));
const baseline = baselineFor(
  { length: trained },
  trained.map((value) => (value < 0 ? 'setosa' : 'virginica')),
);
const monitors = { windowRows: 50, persistence: 2 };
const shard = 'shardId-000000000000';

const stream = () => new WatchedStream([project('iris', { monitors })], baseline);

let lastSequence = 1000;
/** The next records of the shard, in order. */
const next = (bodies: readonly unknown[]) =>
  kinesisEvent(bodies.map((body) => ({ sequence: String((lastSequence += 1)), body })));

/** Answers of ten rows each, their values moved by `shift`. */
function answers(count: number, shift: number, changes: Partial<PredictionRecord> = {}): PredictionRecord[] {
  return Array.from({ length: count }, () => {
    const length = Array.from({ length: 10 }, () => normal(random) + shift);
    return capturedAnswer({
      rows: 10,
      features: { length },
      predictions: length.map(() => 'setosa'),
      ...changes,
    });
  });
}

describe('watching predictions', () => {
  it('counts answers, errors and latency by version and ten seconds', async () => {
    const watched = stream();
    await watched.watcher()(
      next([
        capturedAnswer({ at: '2026-11-21T01:26:20.000Z', latencyMs: 3 }),
        capturedAnswer({ at: '2026-11-21T01:26:29.999Z', status: 503, rows: 0, features: {}, latencyMs: 4 }),
        capturedAnswer({
          at: '2026-11-21T01:26:30.000Z',
          status: 400,
          rows: 0,
          features: {},
          latencyMs: 99_999,
        }),
        capturedAnswer({ at: '2026-11-21T01:26:30.000Z', version: 2, status: 500, rows: 0, features: {} }),
      ]),
    );
    const one = (bins: number[]) =>
      Array.from({ length: 17 }, (_, bin) => bins.filter((at) => at === bin).length);
    const expiresAt = Date.parse('2026-11-28T01:26:20Z') / 1000;
    expect(watched.records('variant#')).toEqual([
      {
        project: 'iris',
        record: `variant#1#2026-11-21T01:26:20Z#${shard}`,
        version: 1,
        requests: 2,
        errors: 1,
        latencyCounts: one([2, 3]),
        expiresAt,
      },
      expect.objectContaining({
        requests: 1,
        errors: 0,
        latencyCounts: one([16]),
        expiresAt: expiresAt + 10,
      }),
      expect.objectContaining({ record: `variant#2#2026-11-21T01:26:30Z#${shard}`, requests: 1, errors: 1 }),
    ]);
  });

  it('closes a window after the record that fills it, and judges it', async () => {
    const watched = stream();
    await watched.watcher()(next([...answers(4, 0), ...answers(1, 0, { at: '2026-11-21T02:00:00.000Z' })]));
    await watched.watcher()(next(answers(4, 0)));
    expect(watched.records('window#')).toEqual([
      expect.objectContaining({
        record: `window#000001#00000001#${shard}`,
        rows: 50,
        drifted: false,
        startedAt: '2026-11-21T01:26:23.456Z',
        closedAt: '2026-11-21T02:00:00.000Z',
        expiresAt: Date.parse('2026-11-21T02:00:00Z') / 1000 + 90 * 24 * 3600,
      }),
    ]);
    expect(watched.records('shard#')).toMatchObject([{ windows: { 1: { number: 2, rows: 40 } } }]);
  });

  it('announces drift when its persistence is reached, and again at each doubling', async () => {
    const watched = stream();
    await watched.watcher()(next(answers(5, 3)));
    expect(watched.records('window#')).toMatchObject([{ drifted: true }]);
    expect(watched.monitors.announced).toEqual([]);
    await watched.watcher()(next(answers(5, 3)));
    expect(watched.monitors.announced).toMatchObject([
      {
        detailType: 'DriftDetected.v1',
        detail: {
          project: 'iris',
          version: 1,
          detectionId: `iris-v1-${shard}-w2`,
          rows: 50,
          windows: 2,
          features: [{ feature: 'length', drifted: true }],
        },
      },
    ]);
    await watched.watcher()(next(answers(5, 3)));
    expect(watched.monitors.announced).toHaveLength(1);
    await watched.watcher()(next(answers(10, 3)));
    await watched.watcher()(next([...answers(5, 0), ...answers(10, 3)]));
    expect(watched.monitors.announced.map(({ detail }) => detail)).toMatchObject([
      { detectionId: `iris-v1-${shard}-w2`, windows: 2 },
      { detectionId: `iris-v1-${shard}-w4`, windows: 4 },
      { detectionId: `iris-v1-${shard}-w8`, windows: 2 },
    ]);
  });

  it('raises no alarm without persistence, nor with a window that is not full', async () => {
    const watched = stream();
    await watched.watcher()(next([...answers(5, 3), ...answers(5, 0), ...answers(5, 3), ...answers(4, 3)]));
    expect(watched.records('window#')).toMatchObject([
      { drifted: true },
      { drifted: false },
      { drifted: true },
    ]);
    expect(watched.monitors.announced).toEqual([]);
  });

  it('keeps apart versions, projects and shards', async () => {
    const watched = new WatchedStream(
      [project('iris', { monitors }), project('cars', { monitors })],
      baseline,
    );
    watched.route(
      routingRow('iris', {
        challenger: { version: 2, artifactUri: 's3://artifacts/iris/models/run-2/', weightPercent: 10 },
      }),
    );
    const watch = watched.watcher();
    await watch(
      next([...answers(5, 3), ...answers(5, 3, { version: 2 }), ...answers(5, 3, { project: 'cars' })]),
    );
    await watch(
      kinesisEvent(
        answers(5, 3).map((body, i) => ({ sequence: String(i), body })),
        'shardId-1',
      ),
    );
    expect(watched.records('window#').map(({ project: name, record }) => [name, record])).toEqual([
      ['cars', `window#000001#00000001#${shard}`],
      ['iris', `window#000001#00000001#${shard}`],
      ['iris', `window#000001#00000001#shardId-1`],
      ['iris', `window#000002#00000001#${shard}`],
    ]);
    expect(watched.monitors.announced).toEqual([]);
  });

  it('counts a version without a readable baseline, or out of traffic, and watches no drift for it', async () => {
    const watched = stream();
    watched.objects.remove('s3://artifacts/iris/models/run-1/manifest.json');
    await watched.watcher()(next([...answers(5, 3), ...answers(5, 3, { version: 3 })]));
    expect(watched.records('window#')).toEqual([]);
    expect(watched.records('variant#')).toMatchObject([
      { version: 1, requests: 5 },
      { version: 3, requests: 5 },
    ]);
  });

  it('does not take a record whose columns were dropped for missing values', async () => {
    const watched = stream();
    await watched.watcher()(next(answers(10, 0, { features: {} })));
    expect(watched.records('window#')).toEqual([]);
    expect(watched.records('variant#')).toMatchObject([{ requests: 10 }]);
  });

  it('numbers on after a version was out of traffic, and drops its half-filled window', async () => {
    const watched = stream();
    const two = { version: 2, artifactUri: 's3://artifacts/iris/models/run-2/' };
    await watched.watcher()(next(answers(9, 3)));
    watched.route(routingRow('iris', { champion: two }));
    await watched.watcher()(next(answers(1, 0, { version: 2 })));
    expect(watched.records('shard#')).toMatchObject([
      { windows: { 1: { number: 2, rows: 0, streak: 0, features: {} }, 2: { number: 1, rows: 10 } } },
    ]);
    watched.route(routingRow('iris'));
    await watched.watcher()(next(answers(5, 3)));
    expect(watched.records('window#').map(({ record }) => record)).toEqual([
      `window#000001#00000001#${shard}`,
      `window#000001#00000002#${shard}`,
    ]);
    expect(watched.monitors.announced).toEqual([]);
  });

  it('reports a record with a column too short, and counts the others', async () => {
    const watched = stream();
    const event = next([...answers(2, 0), ...answers(1, 0, { predictions: ['setosa'] }), ...answers(2, 0)]);
    expect(await watched.watcher()(event)).toEqual({
      batchItemFailures: [{ itemIdentifier: event.Records[2]?.kinesis.sequenceNumber }],
    });
    expect(watched.records('variant#')).toMatchObject([{ requests: 4 }]);
    // The mapping sends what it reported and all that follows again, until it gives up.
    await watched.watcher()({ Records: event.Records.slice(2) });
    expect(watched.records('variant#')).toMatchObject([{ requests: 4 }]);
  });

  it('holds up no project for another whose table row is broken', async () => {
    const watched = new WatchedStream(
      [project('iris', { monitors }), project('cars', { monitors })],
      baseline,
    );
    watched.routing.seed({ project: 'iris', record: 'routing', revision: 'one' });
    const event = next([...answers(2, 0), ...answers(2, 0, { project: 'cars' })]);
    await expect(watched.watcher()(event)).rejects.toThrow("the routing row of 'iris' is malformed");
    expect(watched.records('variant#')).toMatchObject([{ project: 'cars', requests: 2 }]);
  });

  it('splits what one transaction cannot hold', async () => {
    const watched = stream();
    let commits = 0;
    watched.monitors.beforeCommit = (writes) => {
      commits += 1;
      expect(writes.length).toBeLessThanOrEqual(100);
    };
    const hours = Array.from({ length: 200 }, (_, i) =>
      new Date(Date.UTC(2026, 10, 21) + i * 3_600_000).toISOString(),
    );
    await watched.watcher()(next(hours.flatMap((at) => answers(1, 0, { at }))));
    await watched.watcher()(
      next(
        Array.from({ length: 40 }, () =>
          answers(1, 0, {
            rows: 50,
            features: { length: trained.slice(0, 50) },
            predictions: trained.slice(0, 50).map(() => 'setosa'),
          }),
        ).flat(),
      ),
    );
    expect(commits).toBe(3 + 2);
    expect(watched.records('variant#')).toHaveLength(201);
    expect(watched.records('window#')).toHaveLength(40 + 40);
  });
});
