import type { Split } from '../../contracts/dataset-manifest.ts';
import type { ProjectDefinition } from '../../contracts/project-definition.ts';

/** Half-open interval of a row's 32-bit hash: `from` ≤ hash < `below`. */
export interface HashInterval {
  readonly from: number;
  readonly below: number;
}

const hashes = 2 ** 32;

/**
 * Which hashes belong to which part. The three intervals cover all 32-bit hashes without overlap, so that a row
 * is in exactly one part.
 *
 * A row's hash is made of its features' values alone, so that it falls into the same part whenever, wherever and in
 * whatever format it is uploaded, and rows that the model cannot tell apart are never on both sides of a split. It is
 * the first four bytes, big-endian, of the MD5 (RFC 1321; spreads well, guards nothing) over these bytes:
 * the seed in decimal ASCII and one byte 0x1f, then for each feature in the schema's order
 * - 0x00 for a missing value,
 * - 0x01 and the eight big-endian bytes of its IEEE 754 double for a number, -0 counting as 0,
 * - 0x02, its length in UTF-8 bytes in decimal ASCII, a colon and its UTF-8 bytes for a category.
 */
export function splitIntervals({
  test,
  validation,
}: ProjectDefinition['split']): Record<Split, HashInterval> {
  const testEnd = Math.round(test * hashes);
  const validationEnd = Math.min(hashes, testEnd + Math.round(validation * hashes));
  return {
    test: { from: 0, below: testEnd },
    validation: { from: testEnd, below: validationEnd },
    train: { from: validationEnd, below: hashes },
  };
}
