import { outboxEvent } from '../contracts/define-event.ts';
import { driftDetected } from '../contracts/drift-detected.ts';
import {
  monitorKeys,
  shardState,
  windowRecord,
  type ShardState,
  type WindowRecord,
} from '../contracts/monitor-records.ts';
import { latencyEdgesMs, variantCounters, type VariantCounters } from '../contracts/rollout-steps.ts';
import type { ClosedWindow, CountedBucket, Fold } from '../domain/drift/fold-predictions.ts';
import type { Records, RecordWrite } from '../domain/ports/records.ts';
import { addCounters, bucketOf, emptyCounters, type Counters } from '../domain/rollout/counters.ts';

/** A transaction has room for 100 items and 4 MB: the shard's state, these counters and these windows. */
const commitCapacity = { counters: 74, windows: 25 } as const;

const daySeconds = 24 * 60 * 60;
const counterLifeSeconds = 7 * daySeconds;
const windowLifeSeconds = 90 * daySeconds;

/** Counters are listed by stretches of ten minutes: 60 buckets for each shard, so this serves 50 shards. */
const stretchSeconds = 600;
const countersInStretch = 3000;
/** Length of `2026-11-21T01:2`, which all buckets of a stretch begin with. */
const stretchPrefixLength = 15;
/** Queries under way at once. */
const stretchesAtOnce = 16;

/** The monitors table: partition key `project`, sort key `record`. */
export class DynamoDbMonitors {
  /** The most counters and windows that one commit takes. */
  readonly capacity = commitCapacity;
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  async readShard(project: string, shardId: string): Promise<ShardState | undefined> {
    const item = await this.#records.read({ project, record: monitorKeys.shard(shardId) });
    return item === undefined ? undefined : shardState.parse(item);
  }

  /**
   * Writes what was folded, all of it or nothing: the shard's progress, its counters and its closed windows. The
   * revision of the progress guards the rest, whose keys hold the shard, so that nobody else writes them.
   * @param before the progress that was folded onto
   * @returns false when the progress changed meanwhile: read it and fold again
   */
  async commit(
    project: string,
    shardId: string,
    before: ShardState | undefined,
    fold: Fold,
  ): Promise<boolean> {
    const state: ShardState = {
      ...fold.progress,
      project,
      record: monitorKeys.shard(shardId),
      revision: (before?.revision ?? 0) + 1,
    };
    const counters = await Promise.all(fold.counted.map((counted) => this.#added(project, shardId, counted)));
    return this.#records.commit([
      { item: state, condition: { revision: before?.revision } },
      ...counters,
      ...fold.closed.map((window) => windowWrite(project, shardId, window)),
    ]);
  }

  /** What a version answered from the bucket that holds `since` to the one that holds `until`, over all shards. */
  async countersSince(project: string, version: number, since: string, until: string): Promise<Counters> {
    const first = bucketOf(since);
    const prefixes = stretchesBetween(first, until).map(
      (stretch) => monitorKeys.variantPrefix(version) + stretch,
    );
    const from = monitorKeys.variantPrefix(version) + first;
    let sum = emptyCounters(latencyEdgesMs);
    for (let start = 0; start < prefixes.length; start += stretchesAtOnce) {
      const stretches = await Promise.all(
        prefixes
          .slice(start, start + stretchesAtOnce)
          .map((prefix) => this.#records.list(project, prefix, countersInStretch)),
      );
      sum = stretches
        .flat()
        .map((item) => variantCounters.parse(item))
        .filter(({ record }) => record >= from)
        .reduce((all, counters) => addCounters(all, countersOf(counters)), sum);
    }
    return sum;
  }

  async #added(
    project: string,
    shardId: string,
    { version, bucket, counters }: CountedBucket,
  ): Promise<RecordWrite> {
    const record = monitorKeys.variant(version, bucket, shardId);
    const stored = await this.#records.read({ project, record });
    const { requests, errors, latency } =
      stored === undefined ? counters : addCounters(countersOf(variantCounters.parse(stored)), counters);
    const item: VariantCounters = {
      project,
      record,
      version,
      requests,
      errors,
      latencyCounts: [...latency.counts],
      expiresAt: epochSeconds(bucket) + counterLifeSeconds,
    };
    return { item, condition: 'any' };
  }
}

function windowWrite(project: string, shardId: string, window: ClosedWindow): RecordWrite {
  const { version, number, rows, startedAt, closedAt, judgement, streak, alarm } = window;
  const item: WindowRecord = windowRecord.parse({
    project,
    record: monitorKeys.window(version, number, shardId),
    version,
    number,
    rows,
    drifted: judgement.drifted,
    features: judgement.features,
    predictionPsi: judgement.predictionPsi,
    startedAt,
    closedAt,
    expiresAt: epochSeconds(closedAt) + windowLifeSeconds,
  });
  if (!alarm) return { item, condition: 'any' };
  const announce = outboxEvent(driftDetected, {
    project,
    version,
    detectionId: `${project}-v${version}-${shardId}-w${number}`,
    features: judgement.features.filter(({ drifted }) => drifted),
    rows,
    windows: streak,
    detectedAt: closedAt,
  });
  return { item, condition: 'any', announce };
}

function countersOf({ requests, errors, latencyCounts }: VariantCounters): Counters {
  return { requests, errors, latency: { edgesMs: latencyEdgesMs, counts: latencyCounts } };
}

function stretchesBetween(first: string, until: string): string[] {
  const stretches = new Set<string>();
  for (let at = epochSeconds(first); at <= epochSeconds(until); at += stretchSeconds) {
    stretches.add(bucketOf(new Date(at * 1000).toISOString()).slice(0, stretchPrefixLength));
  }
  stretches.add(bucketOf(until).slice(0, stretchPrefixLength));
  return [...stretches];
}

function epochSeconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}
