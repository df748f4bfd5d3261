import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Utf8Check } from '../../../lambdas/domain/ingest/utf8-check.ts';

/** Feeds bytes in pieces of `size`. */
function firstInvalid(bytes: Uint8Array, size: number): number | undefined {
  const check = new Utf8Check();
  for (let at = 0; at < bytes.length; at += size) {
    const found = check.push(bytes.subarray(at, at + size));
    if (found !== undefined) return found;
  }
  return check.end();
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

const chunkSize = fc.integer({ min: 1, max: 9 });

describe('Utf8Check', () => {
  it('accepts every text, however it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), chunkSize, (text, size) => {
        expect(firstInvalid(new TextEncoder().encode(text), size)).toBeUndefined();
      }),
    );
  });

  it('agrees with the platform, and all before the offset is text', () => {
    const bytes = fc.array(
      fc.oneof(fc.constantFrom(0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xf0, 0x9f, 0xed, 0xa0), fc.nat(255)),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(bytes, chunkSize, (numbers, size) => {
        const all = Uint8Array.from(numbers);
        const offset = firstInvalid(all, size);
        expect(offset === undefined).toBe(decodes(all));
        if (offset !== undefined) expect(decodes(all.subarray(0, offset))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('names the byte where the mistake begins', () => {
    expect(firstInvalid(Uint8Array.from([0x61, 0xc3, 0xa9, 0xff, 0x61]), 2)).toBe(3);
    expect(firstInvalid(Uint8Array.from([0x61, 0xe2, 0x82]), 1)).toBe(1);
  });
});
