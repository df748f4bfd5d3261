import { binOf } from '../drift/histogram.ts';

/** Answers counted, and how long they took. */
export interface Counters {
  readonly requests: number;
  /** Answers with a status of 500 or more. */
  readonly errors: number;
  readonly latency: LatencyHistogram;
}

/** Latencies in bins: bin i holds what lies under `edgesMs[i]` and not under the edge before; the last, the rest. */
export interface LatencyHistogram {
  /** Rising, in milliseconds. */
  readonly edgesMs: readonly number[];
  /** One more than edges. */
  readonly counts: readonly number[];
}

/** Width of the buckets that answers are counted in: short enough that a step's figures are mostly its own. */
export const bucketSeconds = 10;

/** The bucket that an instant falls into, by its start: ISO 8601 to the second, so that names sort by time. */
export function bucketOf(at: string): string {
  const width = bucketSeconds * 1000;
  const start = new Date(Math.floor(Date.parse(at) / width) * width);
  return `${start.toISOString().slice(0, 19)}Z`;
}

export function emptyCounters(edgesMs: readonly number[]): Counters {
  const counts = Array.from({ length: edgesMs.length + 1 }, () => 0);
  return { requests: 0, errors: 0, latency: { edgesMs, counts } };
}

/** @param status of the HTTP answer: the caller's own mistakes, under 500, are not the model's */
export function addAnswer(counters: Counters, status: number, latencyMs: number): Counters {
  const { edgesMs, counts } = counters.latency;
  const bin = binOf(edgesMs, latencyMs);
  return {
    requests: counters.requests + 1,
    errors: counters.errors + (status >= 500 ? 1 : 0),
    latency: { edgesMs, counts: counts.map((count, i) => (i === bin ? count + 1 : count)) },
  };
}

/** Both together. @throws when their latencies lie in different bins */
export function addCounters(a: Counters, b: Counters): Counters {
  if (a.latency.counts.length !== b.latency.counts.length) {
    throw new Error(
      `latencies in ${a.latency.counts.length} bins cannot be added to latencies in ${b.latency.counts.length}`,
    );
  }
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    latency: {
      edgesMs: a.latency.edgesMs,
      counts: a.latency.counts.map((count, bin) => count + (b.latency.counts[bin] ?? 0)),
    },
  };
}
