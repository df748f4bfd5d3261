import type { FeatureBaseline } from '../../contracts/model-manifest.ts';
import type { LiveHistogram } from '../../contracts/monitor-records.ts';
import type { FeatureValue } from '../../contracts/prediction-record.ts';

/** Counts every category that the baseline does not know: a bounded histogram for an unbounded set of texts. */
export const unseenCategory = '(unseen)';

/**
 * Index of the first bin i with value < edges[i], else of the last bin, which is `edges.length`.
 * @param edges rising. O(log n)
 */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value < (edges[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A histogram over the baseline's bins with nothing in it. */
export function emptyHistogram(baseline: FeatureBaseline): LiveHistogram {
  return baseline.kind === 'number'
    ? { kind: 'number', counts: Array.from({ length: baseline.edges.length + 1 }, () => 0), missing: 0 }
    : { kind: 'category', counts: {}, missing: 0 };
}

/**
 * Counts one value into `histogram`, in place. A null, and a value that is no number where the baseline has numbers,
 * count as missing; true and false are 1 and 0 among numbers.
 */
export function countValue(histogram: LiveHistogram, baseline: FeatureBaseline, value: FeatureValue): void {
  if (histogram.kind === 'number' && baseline.kind === 'number') {
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) histogram.missing += 1;
    else {
      const bin = binOf(baseline.edges, number);
      histogram.counts[bin] = (histogram.counts[bin] ?? 0) + 1;
    }
  } else if (histogram.kind === 'category' && baseline.kind === 'category') {
    if (value === null) histogram.missing += 1;
    else {
      const text = String(value);
      const category = Object.hasOwn(baseline.counts, text) ? text : unseenCategory;
      histogram.counts[category] = (histogram.counts[category] ?? 0) + 1;
    }
  } else {
    throw new Error(`a '${histogram.kind}' histogram cannot count against a '${baseline.kind}' baseline`);
  }
}
