import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIntervals } from '../../../lambdas/domain/ingest/split.ts';

const shares = fc.record({
  test: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
  validation: fc.double({ min: 0, max: 0.5, noNaN: true }),
  seed: fc.nat(),
});

describe('splitIntervals', () => {
  it('puts every hash into exactly one part', () => {
    fc.assert(
      fc.property(shares, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (split, hash) => {
        const holding = Object.values(splitIntervals(split)).filter(
          ({ from, below }) => hash >= from && hash < below,
        );
        expect(holding).toHaveLength(1);
      }),
    );
  });

  it('gives each part its share of all hashes', () => {
    fc.assert(
      fc.property(shares, (split) => {
        const { train, validation, test } = splitIntervals(split);
        const share = ({ from, below }: { from: number; below: number }) => (below - from) / 2 ** 32;
        expect(share(test)).toBeCloseTo(split.test, 8);
        expect(share(validation)).toBeCloseTo(split.validation, 8);
        expect(share(train)).toBeCloseTo(1 - split.test - split.validation, 8);
      }),
    );
  });

  it('keeps the test rows where they are when the validation share changes', () => {
    const before = splitIntervals({ test: 0.2, validation: 0.1, seed: 0 });
    expect(splitIntervals({ test: 0.2, validation: 0.3, seed: 0 }).test).toEqual(before.test);
  });
});
