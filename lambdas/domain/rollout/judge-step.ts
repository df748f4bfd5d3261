import type { ProjectDefinition } from '../../contracts/project-definition.ts';
import type { Counters } from './counters.ts';
import { answersSlowerThan, latencyQuantile } from './latency-quantile.ts';
import { wilsonLowerBound } from './wilson-lower-bound.ts';

export type RolloutLimits = ProjectDefinition['rollout'];

export interface StepVerdict {
  readonly verdict: 'advance' | 'bake' | 'roll-back';
  /** One sentence for each thing looked at, at least one. */
  readonly reasons: readonly string[];
}

/** Fewer errors than this stop no step before its requests are in. */
const errorsForEarlyVerdict = 5;
/** Share of answers that the compared latency, p95, lets take longer. */
const slowShare = 0.05;

/**
 * Judges a rollout's step by what both versions did since it began.
 * A challenger with clearly more errors goes at once: five at least, and the lower end of its error rate's 95 %
 * interval above what is allowed. Otherwise there must be enough requests, or enough baking; then its error rate and
 * its p95 latency are compared with the champion's.
 * @param bakes how often the step was baked again already
 */
export function judgeStep(
  challenger: Counters,
  champion: Counters,
  limits: RolloutLimits,
  bakes: number,
): StepVerdict {
  const { requests, errors } = challenger;
  const allowed = errorRate(champion) + limits.maximumErrorRateIncrease;
  const rates =
    `${errors} of the challenger's ${requests} requests failed, ` +
    `${champion.errors} of the champion's ${champion.requests}; at most ${percent(allowed)} may`;
  if (errors >= errorsForEarlyVerdict && wilsonLowerBound(errors, requests) > allowed) {
    return { verdict: 'roll-back', reasons: [rates] };
  }
  if (requests < limits.minimumRequests) {
    const few = `only ${requests} requests to judge by, ${limits.minimumRequests} are wanted`;
    if (bakes < limits.maximumBakes) return { verdict: 'bake', reasons: [few] };
    return { verdict: errors === 0 ? 'advance' : 'roll-back', reasons: [few, rates] };
  }
  if (errorRate(challenger) > allowed) return { verdict: 'roll-back', reasons: [rates] };
  const latency = compareLatency(challenger, champion, limits);
  return { verdict: latency.tooSlow ? 'roll-back' : 'advance', reasons: [rates, latency.reason] };
}

/**
 * p95 above the champion's by more than the ratio and the tolerance, and not by chance: with few requests the p95 is
 * the slowest one or two, and one cold start would decide. So the share of slower answers must lie above 5 % with its
 * whole 95 % interval.
 */
function compareLatency(
  challenger: Counters,
  champion: Counters,
  limits: RolloutLimits,
): { tooSlow: boolean; reason: string } {
  const ours = latencyQuantile(challenger.latency, 1 - slowShare);
  const theirs = latencyQuantile(champion.latency, 1 - slowShare);
  if (ours === undefined || theirs === undefined || champion.requests < limits.minimumRequests) {
    const reason = `latency not compared: the champion answered ${champion.requests} requests, too few to compare with`;
    return { tooSlow: false, reason };
  }
  const allowed = Math.max(theirs * limits.maximumLatencyRatio, theirs + limits.latencyToleranceMs);
  const slower = answersSlowerThan(challenger.latency, allowed);
  return {
    tooSlow: ours > allowed && wilsonLowerBound(slower, challenger.requests) > slowShare,
    reason:
      `p95 latency ${milliseconds(ours)} against the champion's ${milliseconds(theirs)}, ` +
      `${milliseconds(allowed)} is allowed`,
  };
}

function errorRate({ errors, requests }: Counters): number {
  return requests === 0 ? 0 : errors / requests;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
