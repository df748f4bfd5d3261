import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, countValue, emptyHistogram } from '../../../lambdas/domain/drift/histogram.ts';
import type { FeatureBaseline } from '../../../lambdas/contracts/model-manifest.ts';

const numbers: FeatureBaseline = {
  kind: 'number',
  edges: [0, 10],
  counts: [1, 1, 1],
  missing: 0,
  mean: 0,
  standardDeviation: 1,
};
const categories: FeatureBaseline = { kind: 'category', counts: { red: 3, blue: 1 }, missing: 0 };

describe('live histograms', () => {
  it('puts a value into the first bin whose edge is above it, as the manifest says', () => {
    const edges = fc
      .uniqueArray(fc.integer({ min: -50, max: 50 }))
      .map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(edges, fc.integer({ min: -60, max: 60 }), (rising, value) => {
        const first = rising.findIndex((edge) => value < edge);
        expect(binOf(rising, value)).toBe(first === -1 ? rising.length : first);
      }),
    );
  });

  it('counts numbers, booleans among numbers, and what is missing', () => {
    const histogram = emptyHistogram(numbers);
    for (const value of [-1, 0, 9.99, 10, true, null, 'text']) countValue(histogram, numbers, value);
    expect(histogram).toEqual({ kind: 'number', counts: [1, 3, 1], missing: 2 });
  });

  it('keeps unknown categories in one bin, however many they are', () => {
    const histogram = emptyHistogram(categories);
    for (const value of ['red', 'green', 'violet', 7, null]) countValue(histogram, categories, value);
    expect(histogram).toEqual({ kind: 'category', counts: { red: 1, '(unseen)': 3 }, missing: 1 });
  });

  it('does not take a name of the language for a category', () => {
    const histogram = emptyHistogram(categories);
    countValue(histogram, categories, 'constructor');
    expect(histogram).toEqual({ kind: 'category', counts: { '(unseen)': 1 }, missing: 0 });
  });
});
