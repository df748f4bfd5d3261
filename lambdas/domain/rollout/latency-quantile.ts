import type { LatencyHistogram } from './counters.ts';

/**
 * Latency that a share of the answers stay under, in milliseconds, interpolated linearly inside its bin, as
 * Prometheus' histogram_quantile does. In the open last bin it is that bin's lower edge, and so an underestimate.
 * @param share above 0, at most 1
 * @returns undefined when nothing was counted
 */
export function latencyQuantile({ edgesMs, counts }: LatencyHistogram, share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = share * total;
  let below = 0;
  for (const [bin, count] of counts.entries()) {
    const upper = edgesMs[bin];
    const lower = edgesMs[bin - 1] ?? 0;
    if (upper === undefined) return lower;
    if (count > 0 && below + count >= rank) return lower + (upper - lower) * ((rank - below) / count);
    below += count;
  }
  return edgesMs.at(-1);
}

/** How many answers took longer than `limitMs`, interpolated linearly inside the bin that the limit falls into. */
export function answersSlowerThan({ edgesMs, counts }: LatencyHistogram, limitMs: number): number {
  return counts.reduce((slower, count, bin) => {
    const lower = edgesMs[bin - 1] ?? 0;
    const upper = edgesMs[bin];
    if (limitMs <= lower) return slower + count;
    if (upper === undefined || limitMs >= upper) return slower;
    return slower + count * ((upper - limitMs) / (upper - lower));
  }, 0);
}
