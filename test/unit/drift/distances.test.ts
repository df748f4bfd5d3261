import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alignCounts } from '../../../lambdas/domain/drift/aligned-counts.ts';
import { jensenShannonDistance } from '../../../lambdas/domain/drift/jensen-shannon-distance.ts';
import {
  populationStabilityIndex,
  samplingBound,
} from '../../../lambdas/domain/drift/population-stability-index.ts';

const reference = z
  .array(
    z.object({
      expected: z.array(z.number()),
      observed: z.array(z.number()),
      psi: z.number(),
      jensenShannon: z.number(),
      chiSquaredBound: z.number(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8')));

const relative = (value: number, truth: number): number => Math.abs(value - truth) / Math.abs(truth);

const countsPair = fc
  .integer({ min: 1, max: 30 })
  .chain((bins) =>
    fc.tuple(
      fc.array(fc.nat(1000), { minLength: bins, maxLength: bins }),
      fc.array(fc.nat(1000), { minLength: bins, maxLength: bins }),
    ),
  )
  .filter(([a, b]) => a.some((count) => count > 0) && b.some((count) => count > 0));

describe('distances between histograms', () => {
  it.each(reference)('agrees with SciPy on $expected.length bins, PSI $psi', (truth) => {
    expect(relative(populationStabilityIndex(truth), truth.psi)).toBeLessThan(1e-12);
    expect(relative(jensenShannonDistance(truth), truth.jensenShannon)).toBeLessThan(1e-12);
  });

  it.each(reference)('approximates the exact sampling bound on $expected.length bins within 5 %', (truth) => {
    expect(relative(samplingBound(truth), truth.chiSquaredBound)).toBeLessThan(0.05);
  });

  it('are symmetric, not negative, and nothing between equal histograms', () => {
    fc.assert(
      fc.property(countsPair, ([expected, observed]) => {
        const there = { expected, observed };
        const back = { expected: observed, observed: expected };
        expect(populationStabilityIndex(there)).toBeCloseTo(populationStabilityIndex(back), 9);
        expect(jensenShannonDistance(there)).toBeCloseTo(jensenShannonDistance(back), 6);
        expect(populationStabilityIndex(there)).toBeGreaterThanOrEqual(0);
        expect(jensenShannonDistance(there)).toBeLessThanOrEqual(1);
        expect(populationStabilityIndex({ expected, observed: expected })).toBe(0);
        expect(jensenShannonDistance({ expected, observed: expected })).toBeLessThan(1e-7);
      }),
    );
  });

  it('refuses histograms kept over other bins', () => {
    const baseline = {
      kind: 'number' as const,
      edges: [1],
      counts: [1, 1],
      missing: 0,
      mean: 0,
      standardDeviation: 1,
    };
    expect(() => alignCounts(baseline, { kind: 'number', counts: [1, 1, 1], missing: 0 })).toThrow(
      'a histogram of 3 bins cannot be compared with a baseline of 2',
    );
  });

  it('compares what is missing, and categories that only one side has', () => {
    const aligned = alignCounts(
      { kind: 'category', counts: { a: 3, b: 4 }, missing: 0 },
      { kind: 'category', counts: { b: 5, '(unseen)': 6 }, missing: 2 },
    );
    expect(aligned).toEqual({ expected: [3, 4, 0, 0], observed: [0, 5, 6, 2] });
  });
});
