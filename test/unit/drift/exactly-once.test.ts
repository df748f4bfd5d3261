import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineFor, capturedAnswer, normal, seededRandom } from '../../builders/drift.ts';
import { FailingRecords } from '../../builders/failing-records.ts';
import { kinesisEvent } from '../../builders/kinesis-event.ts';
import { project, routingRow, WatchedStream } from '../../builders/watched-stream.ts';

const random = seededRandom(3);
const trained = Array.from({ length: 500 }, () => normal(random));
const baseline = baselineFor(
  { length: trained },
  trained.map(() => 'setosa'),
);
const names = ['cars', 'iris'];
const definitions = names.map((name) => project(name, { monitors: { windowRows: 50, persistence: 2 } }));

/** The shard: answers of two projects and two versions, drifting half-way, with a failed one now and then. */
const shard = Array.from({ length: 120 }, (_, i) => {
  const length = Array.from({ length: 10 }, () => normal(random) + (i < 60 ? 0 : 3));
  const body = capturedAnswer({
    project: names[i % 2] ?? 'iris',
    version: i % 3 === 0 ? 2 : 1,
    at: new Date(Date.UTC(2026, 10, 21) + i * 1000).toISOString(),
    status: i % 7 === 0 ? 500 : 200,
    rows: 10,
    features: { length },
    predictions: length.map(() => 'setosa'),
  });
  // Nine digits give way to ten, where an order of texts would go astray.
  return { sequence: String(999_999_940 + i), body };
});

function watchedStream(): WatchedStream {
  const watched = new WatchedStream(definitions, baseline);
  for (const name of names) {
    const challenger = { version: 2, artifactUri: `s3://artifacts/${name}/models/run-2`, weightPercent: 30 };
    watched.route(routingRow(name, { challenger }));
  }
  return watched;
}

const truth = watchedStream();
await truth.watcher()(kinesisEvent(shard));

const byDetection = (watched: WatchedStream) =>
  watched.monitors.announced.map(({ detail }) => JSON.stringify(detail)).toSorted();

/** One delivery of the next batch: how many records are new, how many old ones come with it, and what goes wrong. */
const delivery = fc.record({
  size: fc.integer({ min: 1, max: 25 }),
  overlap: fc.nat(40),
  accident: fc.constantFrom('none', 'none', 'before', 'after', 'race', 'twice', 'stale', 'shuffled' as const),
});

describe('a shard delivered at least once', () => {
  it('is what the tests mean it to be: windows close, and both projects raise an alarm', () => {
    expect(truth.records('window#').length).toBeGreaterThan(12);
    expect(truth.monitors.announced).toMatchObject([
      { detail: { project: 'cars' } },
      { detail: { project: 'iris' } },
    ]);
  });

  it('is counted exactly once, whatever is repeated, raced, or cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { minLength: 5, maxLength: 30 }), async (deliveries) => {
        const watched = watchedStream();
        const failing = new FailingRecords(watched.monitors);
        let done = 0;
        for (const { size, overlap, accident } of [
          ...deliveries,
          { size: 120, overlap: 0, accident: 'none' },
        ]) {
          const batch = shard.slice(Math.max(0, done - overlap), done + size);
          await deliver(watched, failing, batch, accident);
          if (accident === 'stale')
            await watched.watcher()(kinesisEvent(shard.slice(0, Math.max(1, done - size))));
          done = Math.min(shard.length, done + size);
        }
        expect(watched.kept()).toEqual(truth.kept());
        expect(byDetection(watched)).toEqual(byDetection(truth));
      }),
      { seed: 20261121, numRuns: 50 },
    );
  }, 30_000);
});

async function deliver(
  watched: WatchedStream,
  failing: FailingRecords,
  batch: typeof shard,
  accident: string,
): Promise<void> {
  const event = kinesisEvent(batch);
  switch (accident) {
    case 'before':
    case 'after':
      failing.failNextCommit = accident;
      await watched.watcher(failing)(event).catch(String);
      break;
    case 'race':
      watched.monitors.beforeCommit = async () => {
        watched.monitors.beforeCommit = () => {};
        await watched.watcher()(event);
      };
      break;
    case 'twice':
      await Promise.all([watched.watcher()(event), watched.watcher()(event)]);
      break;
    case 'shuffled':
      event.Records.push(...event.Records.toReversed());
      break;
  }
  // A failed batch is what the mapping delivers next; one that succeeded may come again all the same.
  failing.failNextCommit = undefined;
  await watched.watcher(failing)(event);
}
