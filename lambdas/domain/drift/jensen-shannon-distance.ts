import type { AlignedCounts } from './aligned-counts.ts';

/**
 * Jensen–Shannon distance, base 2: the square root of ½·KL(p‖m) + ½·KL(q‖m) with m = ½(p + q), from 0 to 1
 * (Endres and Schindelin, A new metric for probability distributions, IEEE Transactions on Information Theory 49,
 * 2003). Shares are not smoothed: m is nowhere empty where p or q is not.
 * @throws when a side has no rows
 */
export function jensenShannonDistance({ expected, observed }: AlignedCounts): number {
  const p = shares(expected);
  const q = shares(observed);
  const divergence = p.reduce((sum, share, bin) => {
    const live = q[bin] ?? 0;
    const mean = (share + live) / 2;
    return sum + (information(share, mean) + information(live, mean)) / 2;
  }, 0);
  // Rounding may leave a hair's breadth below 0 or above 1.
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

function information(share: number, mean: number): number {
  return share === 0 ? 0 : share * Math.log2(share / mean);
}

function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((all, count) => all + count, 0);
  if (sum === 0) throw new Error('a histogram without rows has no distribution to compare');
  return counts.map((count) => count / sum);
}
