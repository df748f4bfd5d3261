import {
  modelManifest,
  type FeatureBaseline,
  type ModelManifest,
} from '../../lambdas/contracts/model-manifest.ts';
import type { FeatureValue, PredictionRecord } from '../../lambdas/contracts/prediction-record.ts';
import { binOf } from '../../lambdas/domain/drift/histogram.ts';

/** Repeatable random numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number from the standard normal distribution (Box and Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The baseline that a trainer would write for these values: ten bins between the quantiles. */
export function baselineOf(values: readonly FeatureValue[]): FeatureBaseline {
  const numbers = values.filter((value) => typeof value === 'number').toSorted((a, b) => a - b);
  return numbers.length > 0 ? numericBaseline(values, numbers) : categoryBaseline(values);
}

function numericBaseline(values: readonly FeatureValue[], sorted: readonly number[]): FeatureBaseline {
  const tenths = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(
    (tenth) => sorted[Math.floor((tenth * sorted.length) / 10)] ?? 0,
  );
  const edges = [...new Set(tenths)];
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (const value of sorted) {
    const bin = binOf(edges, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const missing = values.length - sorted.length;
  return { kind: 'number', edges, counts, missing, mean: 0, standardDeviation: 1 };
}

function categoryBaseline(values: readonly FeatureValue[]): FeatureBaseline {
  const present = values.filter((value) => value !== null);
  const groups = Map.groupBy(present, String);
  const counts = Object.fromEntries([...groups].map(([category, members]) => [category, members.length]));
  return { kind: 'category', counts, missing: values.length - present.length };
}

export function baselineFor(
  features: Record<string, readonly FeatureValue[]>,
  prediction: readonly FeatureValue[],
): ModelManifest['baseline'] {
  return {
    rows: prediction.length,
    features: Object.fromEntries(
      Object.entries(features).map(([name, values]) => [name, baselineOf(values)]),
    ),
    prediction: baselineOf(prediction),
  };
}

/** A captured answer of version 1 of `iris`, one row, unless told otherwise. */
export function capturedAnswer(changes: Partial<PredictionRecord> = {}): PredictionRecord {
  return {
    schemaVersion: 1,
    inferenceId: 'inference',
    project: 'iris',
    version: 1,
    variant: 'champion',
    at: '2026-11-21T01:26:23.456Z',
    status: 200,
    latencyMs: 5,
    rows: 1,
    features: { length: [1] },
    predictions: ['setosa'],
    ...changes,
  };
}

/** A whole manifest around a baseline, as it lies in S3. */
export function manifestWith(baseline: ModelManifest['baseline']): string {
  const hash = 'a'.repeat(64);
  const manifest: ModelManifest = {
    schemaVersion: 1,
    project: 'iris',
    runId: 'iris-1',
    task: 'classification',
    classes: ['setosa', 'virginica'],
    inputs: [{ name: 'length', datatype: 'FP32', shape: [-1, 1], features: ['length'] }],
    outputs: [{ name: 'label', datatype: 'BYTES', shape: [-1] }],
    model: { file: 'model.onnx', sha256: hash, bytes: 1, opset: 17 },
    parity: { rows: 1, maximumAbsoluteError: 0 },
    validationMetrics: {},
    baseline,
    lineage: {
      datasetId: hash,
      manifestUri: 's3://curated/iris/manifest.json',
      trainRows: baseline.rows,
      validationRows: 0,
      codeSha256: hash,
      hyperparameters: {},
      seed: 0,
      packages: {},
    },
    evaluation: { testRows: 1, metrics: {}, reasons: [], evaluatedAt: '2026-11-21T00:00:00Z' },
  };
  return JSON.stringify(modelManifest.parse(manifest));
}
