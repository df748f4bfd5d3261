import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../lambdas/domain/ingest/canonical-json.ts';

describe('canonicalJson', () => {
  it('sorts members at every depth, and leaves the undefined out', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'é', n: undefined, A: true })).toBe(
      '{"A":true,"a":"é","b":[{"c":null,"d":1}]}',
    );
  });

  it('spells numbers as RFC 8785 does', () => {
    expect(canonicalJson([333333333.3333333, 1e30, 4.5, 0.002, 1e-27, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
  });

  it('refuses what JSON cannot say', () => {
    expect(() => canonicalJson({ a: [Number.NaN] })).toThrow(/only finite numbers/);
  });

  it('does not depend on the order in which members were written, and means the same as JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string(), fc.constant(null))),
        (value) => {
          const reversed = Object.fromEntries(Object.entries(value).reverse());
          expect(canonicalJson(reversed)).toBe(canonicalJson(value));
          expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });
});
