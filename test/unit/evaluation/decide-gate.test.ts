import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../../lambdas/contracts/project-definition.ts';
import { metricDirections } from '../../../lambdas/contracts/project-definition.ts';
import { decideGate } from '../../../lambdas/domain/evaluation/decide-gate.ts';

const gate = { primaryMetric: 'accuracy', minimumUplift: 0, bounds: {}, minimumTestRows: 30 } as const;

describe('the gate', () => {
  it('lets the first model pass by its bounds alone, with a sentence for each rule', () => {
    const decision = decideGate({ metrics: { accuracy: 0.8, logLoss: 0.4 }, testRows: 50 }, undefined, {
      ...gate,
      bounds: { accuracy: 0.7, logLoss: 0.5 },
    });
    expect(decision).toEqual({
      verdict: 'candidate',
      reasons: [
        'judged on 50 held-out rows, at least 30 wanted',
        'accuracy is 0.8, at least 0.7 wanted',
        'logLoss is 0.4, at most 0.5 wanted',
        'accuracy is 0.8, and there is no champion to beat',
      ],
    });
  });

  it('names every rule that a challenger breaks, and only those', () => {
    const decision = decideGate(
      { metrics: { accuracy: 0.6, logLoss: 0.7 }, testRows: 10 },
      { accuracy: 0.55 },
      {
        ...gate,
        bounds: { accuracy: 0.7, logLoss: 0.5 },
      },
    );
    expect(decision).toEqual({
      verdict: 'rejected',
      reasons: [
        'judged on 10 held-out rows, at least 30 wanted',
        'accuracy is 0.6, at least 0.7 wanted',
        'logLoss is 0.7, at most 0.5 wanted',
      ],
    });
  });

  it('keeps the champion at a tie', () => {
    const { verdict, reasons } = decideGate(
      { metrics: { accuracy: 0.9 }, testRows: 99 },
      { accuracy: 0.9 },
      gate,
    );
    expect(verdict).toBe('rejected');
    expect(reasons).toEqual(["accuracy is 0.9 against the champion's 0.9: better by 0, more than 0 wanted"]);
  });

  it('counts downwards for a metric where lower is better', () => {
    const lower = { ...gate, primaryMetric: 'logLoss', minimumUplift: 0.1 } as const;
    const verdictAt = (logLoss: number) =>
      decideGate({ metrics: { logLoss }, testRows: 99 }, { logLoss: 0.5 }, lower).verdict;
    expect([0.3, 0.45, 0.6].map(verdictAt)).toEqual(['candidate', 'rejected', 'rejected']);
  });

  it('refuses a metric that could not be computed', () => {
    const decision = decideGate({ metrics: {}, testRows: 99 }, undefined, {
      ...gate,
      primaryMetric: 'rocAuc',
    });
    expect(decision.reasons).toEqual(['rocAuc could not be computed on the held-out rows']);
  });
});

describe('whatever the figures', () => {
  const names = Object.keys(metricDirections) as MetricName[];
  const value = fc.oneof(fc.double({ min: -2, max: 2 }), fc.constantFrom(0, 0.5, Number.NaN, Infinity));
  const metrics = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
  const gates = fc.record({
    primaryMetric: fc.constantFrom(...names),
    minimumUplift: fc.double({ min: 0, max: 1, noNaN: true }),
    bounds: fc.record(
      Object.fromEntries(names.map((name) => [name, fc.double({ min: -1, max: 1, noNaN: true })])),
      { requiredKeys: [] },
    ),
    minimumTestRows: fc.integer({ min: 1, max: 50 }),
  });

  it('a challenger no better than a sound champion is never a candidate', () => {
    fc.assert(
      fc.property(metrics, metrics, gates, (challenger, champion, anyGate) => {
        const name = anyGate.primaryMetric;
        const [own, held] = [challenger[name] ?? Number.NaN, champion[name] ?? Number.NaN];
        const better = metricDirections[name] === 'higher' ? own > held : own < held;
        fc.pre(Number.isFinite(held) && !better);
        expect(decideGate({ metrics: challenger, testRows: 50 }, champion, anyGate).verdict).toBe('rejected');
      }),
    );
  });

  it('a candidate keeps every bound, has its rows, and every answer has reasons', () => {
    fc.assert(
      fc.property(
        metrics,
        fc.option(metrics),
        gates,
        fc.nat(60),
        (challenger, champion, anyGate, testRows) => {
          const decision = decideGate({ metrics: challenger, testRows }, champion ?? undefined, anyGate);
          expect(decision.reasons.length).toBeGreaterThan(0);
          if (decision.verdict === 'rejected') return;
          expect(testRows).toBeGreaterThanOrEqual(anyGate.minimumTestRows);
          for (const name of names) {
            const bound = anyGate.bounds[name];
            if (bound === undefined) continue;
            const distance = (challenger[name] ?? Number.NaN) - bound;
            expect(metricDirections[name] === 'higher' ? distance : -distance).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});
