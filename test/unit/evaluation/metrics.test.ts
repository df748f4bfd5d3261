import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from '../../../lambdas/domain/evaluation/area-under-roc.ts';
import { classificationMetrics } from '../../../lambdas/domain/evaluation/classification-metrics.ts';
import { regressionMetrics } from '../../../lambdas/domain/evaluation/regression-metrics.ts';
import reference from './reference.json' with { type: 'json' };

function expectMetrics(
  found: Record<string, number | undefined>,
  expected: Record<string, number | undefined>,
) {
  expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, value] of Object.entries(expected)) {
    const relative = Math.abs((found[name] ?? Number.NaN) - (value ?? Number.NaN)) / Math.abs(value ?? 1);
    expect(relative, name).toBeLessThan(1e-12);
  }
}

describe('metrics agree with scikit-learn', () => {
  it.each(reference.classification)('$name', ({ truth, classes, labels, probabilities, metrics }) => {
    expectMetrics(classificationMetrics(truth, classes, { labels, probabilities }), metrics);
  });

  it.each(reference.regression)('$name', ({ truth, predicted, metrics }) => {
    expectMetrics(regressionMetrics(truth, predicted), metrics);
  });
});

describe('classification', () => {
  it('clips a confident mistake at 1e-15', () => {
    const { logLoss } = classificationMetrics(['a'], ['a', 'b'], { labels: ['b'], probabilities: [0, 1] });
    expect(logLoss).toBeCloseTo(-Math.log(1e-15), 10);
  });

  it('leaves rocAuc out when only one class occurs', () => {
    const metrics = classificationMetrics(['a', 'a'], ['a', 'b'], {
      labels: ['a', 'b'],
      probabilities: [0.9, 0.1, 0.4, 0.6],
    });
    expect(metrics).not.toHaveProperty('rocAuc');
    expect(metrics.accuracy).toBe(0.5);
  });

  it('shows a NaN probability as NaN, also in the ranking', () => {
    const metrics = classificationMetrics(['a', 'b'], ['a', 'b'], {
      labels: ['a', 'b'],
      probabilities: [Number.NaN, Number.NaN, 0.4, 0.6],
    });
    expect(metrics.logLoss).toBeNaN();
    expect(metrics.rocAuc).toBeNaN();
  });

  it('refuses a class that the model does not know', () => {
    expect(() => classificationMetrics(['c'], ['a', 'b'], { labels: ['a'], probabilities: [1, 0] })).toThrow(
      "held-out row 1 is of class 'c', but the model knows a, b",
    );
  });
});

describe('area under the ROC curve', () => {
  const cases = fc
    .array(fc.record({ positive: fc.boolean(), score: fc.integer({ min: 0, max: 9 }) }), {
      minLength: 2,
      maxLength: 40,
    })
    .filter((rows) => rows.some(({ positive }) => positive) && rows.some(({ positive }) => !positive));

  it('is the share of pairs in order, ties counting half', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        let inOrder = 0;
        let pairs = 0;
        for (const up of rows.filter(({ positive }) => positive)) {
          for (const down of rows.filter(({ positive }) => !positive)) {
            pairs += 1;
            inOrder += up.score > down.score ? 1 : up.score === down.score ? 0.5 : 0;
          }
        }
        const area = areaUnderRoc(
          rows.map(({ positive }) => positive),
          rows.map(({ score }) => score),
        );
        expect(area).toBeCloseTo(inOrder / pairs, 12);
      }),
    );
  });
});
