import { describe, expect, it } from 'vitest';
import { projectDefinition } from '../../../lambdas/contracts/project-definition.ts';
import type { FeatureValue } from '../../../lambdas/contracts/prediction-record.ts';
import { countValue, emptyHistogram } from '../../../lambdas/domain/drift/histogram.ts';
import {
  judgeWindow,
  type Baseline,
  type WindowContent,
} from '../../../lambdas/domain/drift/judge-window.ts';
import { baselineFor, normal, seededRandom } from '../../builders/drift.ts';

const limits = projectDefinition.shape.monitors.parse(undefined);
const colours = ['red', 'green', 'blue', 'black'];
/** A hundred categories, the later the rarer. */
const town = (random: () => number): string => `town-${Math.floor(random() ** 2 * 100)}`;

interface Row {
  size: FeatureValue;
  weight: FeatureValue;
  colour: FeatureValue;
  town: FeatureValue;
}

function drawRow(random: () => number): Row {
  const colour = colours[Math.floor(random() ** 2 * 4)] ?? null;
  return {
    size: normal(random),
    weight: random() < 0.1 ? null : 50 + 9 * normal(random),
    colour,
    town: town(random),
  };
}

function columns(rows: readonly Row[]): Record<keyof Row, FeatureValue[]> {
  return {
    size: rows.map(({ size }) => size),
    weight: rows.map(({ weight }) => weight),
    colour: rows.map(({ colour }) => colour),
    town: rows.map(({ town: name }) => name),
  };
}

const rowsOf = (count: number, random: () => number): Row[] =>
  Array.from({ length: count }, () => drawRow(random));

const random = seededRandom(7);
const trained = columns(rowsOf(2000, random));
const baseline: Baseline = baselineFor(trained, trained.colour);

function windowOf(rows: readonly Row[]): WindowContent {
  const values = columns(rows);
  const features = Object.fromEntries(
    Object.entries(baseline.features).map(([name, expected]) => {
      const histogram = emptyHistogram(expected);
      for (const value of values[name as keyof Row]) countValue(histogram, expected, value);
      return [name, histogram];
    }),
  );
  const predictions = emptyHistogram(baseline.prediction);
  for (const value of values.colour) countValue(predictions, baseline.prediction, value);
  return { features, predictions };
}

describe('a window judged against its baseline', () => {
  it.each([50, 100, 500])(
    'raises no false alarm in 200 windows of %i rows from the baseline itself',
    (rows) => {
      const judgements = Array.from({ length: 200 }, () =>
        judgeWindow(windowOf(rowsOf(rows, random)), baseline, limits),
      );
      // A single window may be unlucky, persistence takes two in a row.
      const alarms = judgements.filter((judgement, i) => judgement.drifted && judgements[i - 1]?.drifted);
      expect(alarms).toHaveLength(0);
      expect(judgements.filter(({ drifted }) => drifted).length).toBeLessThanOrEqual(2);
    },
  );

  it('would raise them in small windows if sampling noise were not allowed for', () => {
    const judgements = Array.from({ length: 200 }, () =>
      judgeWindow(windowOf(rowsOf(50, random)), baseline, limits),
    );
    const overThreshold = judgements.filter(({ features }) =>
      features.some(({ psi, jensenShannon }) => psi > limits.psiThreshold && jensenShannon > 0.1),
    );
    expect(overThreshold.length).toBeGreaterThan(100);
  });

  it.each<[string, (row: Row) => Row, string]>([
    ['a shift', (row: Row) => ({ ...row, size: Number(row.size) + 2 }), 'size'],
    ['a column that falls silent', (row: Row) => ({ ...row, weight: null }), 'weight'],
    ['categories never seen', (row: Row) => ({ ...row, town: 'Atlantis' }), 'town'],
  ])('notices %s in 50 rows, and names the feature first', (_what, change, feature) => {
    const judgement = judgeWindow(windowOf(rowsOf(50, random).map(change)), baseline, limits);
    expect(judgement.drifted).toBe(true);
    expect(judgement.features[0]).toMatchObject({ feature, drifted: true });
    expect(judgement.features.filter(({ drifted }) => drifted)).toHaveLength(1);
    expect(judgement.features).toHaveLength(4);
  });

  it('needs both distances over their thresholds', () => {
    const window = windowOf(rowsOf(500, random).map((row) => ({ ...row, size: Number(row.size) + 2 })));
    expect(judgeWindow(window, baseline, { ...limits, psiThreshold: 100 }).drifted).toBe(false);
    expect(judgeWindow(window, baseline, { ...limits, jensenShannonThreshold: 1 }).drifted).toBe(false);
  });

  it('needs its share of drifted features', () => {
    const window = windowOf(rowsOf(500, random).map((row) => ({ ...row, size: Number(row.size) + 2 })));
    expect(judgeWindow(window, baseline, { ...limits, minimumDriftedShare: 0.25 }).drifted).toBe(true);
    expect(judgeWindow(window, baseline, { ...limits, minimumDriftedShare: 0.26 }).drifted).toBe(false);
  });

  it('needs one drifted feature even where no share is asked for', () => {
    const window = windowOf(rowsOf(500, random));
    expect(judgeWindow(window, baseline, { ...limits, minimumDriftedShare: 0 }).drifted).toBe(false);
  });

  it('measures the predictions, which decide nothing', () => {
    const window = windowOf(rowsOf(500, random));
    const predictions = { kind: 'category' as const, counts: { black: 500 }, missing: 0 };
    const judgement = judgeWindow({ ...window, predictions }, baseline, limits);
    expect(judgement.predictionPsi).toBeGreaterThan(1);
    expect(judgement.drifted).toBe(false);
  });
});
