import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectDefinition } from '../../../lambdas/contracts/project-definition.ts';
import { latencyEdgesMs } from '../../../lambdas/contracts/rollout-steps.ts';
import {
  addAnswer,
  addCounters,
  emptyCounters,
  type Counters,
} from '../../../lambdas/domain/rollout/counters.ts';
import { judgeStep } from '../../../lambdas/domain/rollout/judge-step.ts';

const limits = projectDefinition.shape.rollout.parse(undefined);
const none = emptyCounters(latencyEdgesMs);

function answered(requests: number, { errors = 0, latencyMs = 5 } = {}): Counters {
  return Array.from({ length: requests }).reduce<Counters>(
    (counters, _, i) => addAnswer(counters, i < errors ? 500 : 200, latencyMs),
    none,
  );
}

describe('the verdict on a step', () => {
  it('advances a challenger that does as well as the champion', () => {
    const { verdict, reasons } = judgeStep(answered(100), answered(100), limits, 0);
    expect(verdict).toBe('advance');
    expect(reasons).toEqual([
      "0 of the challenger's 100 requests failed, 0 of the champion's 100; at most 1.0 % may",
      "p95 latency 7.8 ms against the champion's 7.8 ms, 27.8 ms is allowed",
    ]);
  });

  it('compares error rates, not errors', () => {
    const champion = answered(1000, { errors: 20 });
    expect(judgeStep(answered(100, { errors: 3 }), champion, limits, 0).verdict).toBe('advance');
    expect(judgeStep(answered(100, { errors: 4 }), champion, limits, 0).verdict).toBe('roll-back');
  });

  it('goes back early on many errors, though requests are few', () => {
    expect(judgeStep(answered(6, { errors: 5 }), answered(100), limits, 0).verdict).toBe('roll-back');
    expect(judgeStep(answered(4, { errors: 4 }), answered(100), limits, 0).verdict).toBe('bake');
    // The champion fails as well: not the challenger's fault.
    expect(judgeStep(answered(6, { errors: 5 }), answered(100, { errors: 80 }), limits, 0).verdict).toBe(
      'bake',
    );
  });

  it('bakes again for want of requests, then judges by what there is', () => {
    expect(judgeStep(answered(19), answered(100), limits, 2)).toEqual({
      verdict: 'bake',
      reasons: ['only 19 requests to judge by, 20 are wanted'],
    });
    const last = judgeStep(answered(19), answered(100), limits, 3);
    expect(last.verdict).toBe('advance');
    expect(last.reasons[0]).toBe('only 19 requests to judge by, 20 are wanted');
    expect(judgeStep(answered(19, { errors: 1 }), answered(100), limits, 3).verdict).toBe('roll-back');
    expect(judgeStep(none, none, limits, 3).verdict).toBe('advance');
  });

  it('goes back on latency above both ratio and tolerance', () => {
    const slow = answered(100, { latencyMs: 100 });
    expect(judgeStep(slow, answered(100), limits, 0).verdict).toBe('roll-back');
    expect(judgeStep(slow, answered(100), { ...limits, latencyToleranceMs: 130 }, 0).verdict).toBe('advance');
    expect(judgeStep(slow, answered(100), { ...limits, maximumLatencyRatio: 20 }, 0).verdict).toBe('advance');
    expect(judgeStep(slow, answered(100, { latencyMs: 100 }), limits, 0).verdict).toBe('advance');
  });

  it('does not let two cold starts of twenty decide, but a fifth of the answers', () => {
    const warmAnd = (cold: number) => addCounters(answered(20 - cold), answered(cold, { latencyMs: 1500 }));
    expect(judgeStep(warmAnd(2), answered(100), limits, 0).verdict).toBe('advance');
    expect(judgeStep(warmAnd(4), answered(100), limits, 0).verdict).toBe('roll-back');
  });

  it('says so when the champion has too few answers to compare latency with', () => {
    const { verdict, reasons } = judgeStep(answered(100, { latencyMs: 100 }), answered(3), limits, 0);
    expect(verdict).toBe('advance');
    expect(reasons[1]).toBe(
      'latency not compared: the champion answered 3 requests, too few to compare with',
    );
  });

  it('never advances a challenger once one more error sent it back', () => {
    const figures = fc.tuple(fc.nat(60), fc.nat(60), fc.nat(100), fc.nat(5));
    fc.assert(
      fc.property(figures, ([errors, fine, championRequests, bakes]) => {
        const champion = answered(championRequests);
        const { verdict, reasons } = judgeStep(answered(errors + fine, { errors }), champion, limits, bakes);
        expect(reasons.length).toBeGreaterThan(0);
        const worse = judgeStep(answered(errors + 1 + fine, { errors: errors + 1 }), champion, limits, bakes);
        if (verdict === 'roll-back') expect(worse.verdict).toBe('roll-back');
      }),
    );
  });
});
