/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * Lower end of the 95 % score interval for a share (Wilson, Probable inference, the law of succession, and statistical
 * inference, 1927): what the true share hardly lies below, however few the trials.
 */
export function wilsonLowerBound(successes: number, trials: number): number {
  if (trials === 0) return 0;
  const share = successes / trials;
  const centre = share + z ** 2 / (2 * trials);
  const margin = z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return Math.max(0, (centre - margin) / (1 + z ** 2 / trials));
}
