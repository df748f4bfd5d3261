import type { FeatureBaseline } from '../../contracts/model-manifest.ts';
import type { LiveHistogram } from '../../contracts/monitor-records.ts';

/** Two histograms over the same bins, in the same order. */
export interface AlignedCounts {
  readonly expected: readonly number[];
  readonly observed: readonly number[];
}

/**
 * Brings a baseline and a live histogram onto the same bins. What is missing is a bin like any other, so that a
 * column that falls silent drifts; bins that are empty on both sides are left out.
 * @throws when the histogram was kept over other bins than the baseline's
 */
export function alignCounts(baseline: FeatureBaseline, live: LiveHistogram): AlignedCounts {
  const pairs = [...binPairs(baseline, live), [baseline.missing, live.missing] as const].filter(
    ([expected, observed]) => expected > 0 || observed > 0,
  );
  return {
    expected: pairs.map(([expected]) => expected),
    observed: pairs.map(([, observed]) => observed),
  };
}

function binPairs(baseline: FeatureBaseline, live: LiveHistogram): (readonly [number, number])[] {
  if (baseline.kind === 'number' && live.kind === 'number') {
    if (baseline.counts.length !== live.counts.length) {
      throw new Error(
        `a histogram of ${live.counts.length} bins cannot be compared with a baseline of ${baseline.counts.length}`,
      );
    }
    return baseline.counts.map((expected, bin) => [expected, live.counts[bin] ?? 0] as const);
  }
  if (baseline.kind === 'category' && live.kind === 'category') {
    const categories = new Set([...Object.keys(baseline.counts), ...Object.keys(live.counts)]);
    return [...categories].map((name) => [baseline.counts[name] ?? 0, live.counts[name] ?? 0] as const);
  }
  throw new Error(`a '${live.kind}' histogram cannot be compared with a '${baseline.kind}' baseline`);
}
