import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAnswer, bucketOf, emptyCounters } from '../../../lambdas/domain/rollout/counters.ts';
import { answersSlowerThan, latencyQuantile } from '../../../lambdas/domain/rollout/latency-quantile.ts';
import { wilsonLowerBound } from '../../../lambdas/domain/rollout/wilson-lower-bound.ts';

const edges = [1, 2, 4, 8, 16];
const latencies = fc.array(fc.double({ min: 0, max: 15.9, noNaN: true }), { minLength: 1, maxLength: 200 });
const counted = (values: readonly number[]) =>
  values.reduce((counters, value) => addAnswer(counters, 200, value), emptyCounters(edges));

describe('latency from a histogram', () => {
  it('is interpolated inside its bin', () => {
    expect(latencyQuantile({ edgesMs: edges, counts: [0, 0, 10, 0, 0, 0] }, 0.95)).toBeCloseTo(3.9, 12);
    expect(latencyQuantile({ edgesMs: edges, counts: [0, 0, 10, 10, 0, 0] }, 0.5)).toBe(4);
  });

  it('lies in the bin that holds the true quantile', () => {
    fc.assert(
      fc.property(latencies, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const truth = values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? NaN;
        const found = latencyQuantile(counted(values).latency, share) ?? NaN;
        const bin = edges.findIndex((edge) => truth < edge);
        expect(found).toBeLessThanOrEqual(edges[bin] ?? NaN);
        expect(found).toBeGreaterThanOrEqual(edges[bin - 1] ?? 0);
      }),
    );
  });

  it('is unknown without answers, and the last edge beyond it', () => {
    expect(latencyQuantile(emptyCounters(edges).latency, 0.95)).toBeUndefined();
    expect(latencyQuantile(counted([1000]).latency, 0.95)).toBe(16);
  });

  it('agrees with the count of slower answers', () => {
    fc.assert(
      fc.property(latencies, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (values, share) => {
        const { latency } = counted(values);
        const limit = latencyQuantile(latency, share) ?? NaN;
        expect(answersSlowerThan(latency, limit)).toBeCloseTo((1 - share) * values.length, 6);
      }),
    );
    expect(answersSlowerThan(counted([1000, 3]).latency, 16)).toBe(1);
    expect(answersSlowerThan(counted([1000]).latency, 20)).toBe(0);
  });
});

describe('counting', () => {
  it('names a bucket by the start of its ten seconds', () => {
    expect(bucketOf('2026-11-21T01:26:29.999Z')).toBe('2026-11-21T01:26:20Z');
    expect(bucketOf('2026-11-21T01:26:30Z')).toBe('2026-11-21T01:26:30Z');
  });

  it('bounds a share as the score interval does', () => {
    // scipy.stats.binomtest(successes, trials).proportion_ci(method='wilson').low
    expect(wilsonLowerBound(5, 20)).toBeCloseTo(0.11186, 5);
    expect(wilsonLowerBound(5, 5)).toBeCloseTo(0.56552, 5);
    expect(wilsonLowerBound(0, 20)).toBe(0);
    expect(wilsonLowerBound(0, 0)).toBe(0);
  });
});
