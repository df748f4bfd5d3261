import type { AlignedCounts } from './aligned-counts.ts';

/** Added to every bin, so that an empty one has a finite logarithm: Krichevsky and Trofimov's estimator (1981). */
const pseudoCount = 0.5;

/** 99.9 % quantile of the standard normal distribution. */
const normalQuantile = 3.090232306167813;

/**
 * Population stability index, in nats: Σ (qᵢ − pᵢ) · ln(qᵢ / pᵢ) over the bins, the symmetrised Kullback–Leibler
 * divergence (Kullback and Leibler 1951; as a scorecard's index: Siddiqi, Credit Risk Scorecards, 2006).
 * Shares are smoothed: pᵢ = (nᵢ + ε) / (N + ε·B) with ε = 0.5 for B bins and N rows.
 */
export function populationStabilityIndex({ expected, observed }: AlignedCounts): number {
  const p = smoothedShares(expected);
  const q = smoothedShares(observed);
  const terms = p.map((share, bin) => {
    const live = q[bin] ?? share;
    return (live - share) * Math.log(live / share);
  });
  return terms.reduce((sum, term) => sum + term, 0);
}

/**
 * The index that two samples of one distribution stay under 999 times in 1000: asymptotically
 * (1/N + 1/M) · χ² with B − 1 degrees of freedom (Yurdakul and Naranjo, Statistical properties of the population
 * stability index, Journal of Risk Model Validation 14, 2020); the χ² quantile after Wilson and Hilferty (1931).
 * A small window over many bins exceeds any customary threshold by chance alone; it does not exceed this.
 */
export function samplingBound({ expected, observed }: AlignedCounts): number {
  const freedom = expected.length - 1;
  if (freedom < 1) return 0;
  const spread = 2 / (9 * freedom);
  const quantile = freedom * (1 - spread + normalQuantile * Math.sqrt(spread)) ** 3;
  return (1 / total(expected) + 1 / total(observed)) * quantile;
}

function smoothedShares(counts: readonly number[]): number[] {
  const sum = total(counts) + pseudoCount * counts.length;
  return counts.map((count) => (count + pseudoCount) / sum);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
