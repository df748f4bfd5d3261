import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoutingTable } from '../../../lambdas/contracts/routing.ts';
import { goesToChallenger, hashPercent } from '../../../lambdas/domain/serving/variant.ts';

const routing = (weightPercent: number): RoutingTable => ({
  project: 'stones',
  revision: 1,
  champion: { version: 1, artifactUri: 's3://a/1' },
  challenger: { version: 2, artifactUri: 's3://a/2', weightPercent },
  updatedAt: '2026-11-20T12:00:00.000Z',
});

describe('the choice of a variant', () => {
  it('gives the challenger its share of many keys, at any weight', () => {
    for (const weight of [1, 10, 50, 99]) {
      const keys = Array.from({ length: 20_000 }, (_, i) => `key-${i}`);
      const share = keys.filter((key) => goesToChallenger(routing(weight), key)).length / keys.length;
      // Four standard deviations of a binomial share.
      expect(Math.abs(share - weight / 100)).toBeLessThan(
        4 * Math.sqrt(((weight / 100) * (1 - weight / 100)) / keys.length),
      );
    }
  });

  it('never takes a key away from the challenger as its weight rises', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 0, max: 99 }),
        (key, a, b) => {
          const [less, more] = [Math.min(a, b), Math.max(a, b)];
          return !goesToChallenger(routing(less), key) || goesToChallenger(routing(more), key);
        },
      ),
    );
  });

  it('lies in [0, 100) and tells texts apart by where they end', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const percent = hashPercent(a, b);
        return percent >= 0 && percent < 100;
      }),
    );
    expect(hashPercent('ab', 'c')).not.toBe(hashPercent('a', 'bc'));
  });
});
