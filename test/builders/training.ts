import { createHash } from 'node:crypto';
import type { DatasetManifest } from '../../lambdas/contracts/dataset-manifest.ts';
import type { DatasetHead, PolicyState, RunRecord } from '../../lambdas/contracts/ledger.ts';
import type { ModelManifest, TrainedManifest } from '../../lambdas/contracts/model-manifest.ts';
import { defineProject, type ProjectInput } from '../../lambdas/contracts/project-definition.ts';
import type { RetrainingRequested } from '../../lambdas/contracts/retraining-requested.ts';
import type { EvaluationResult } from '../../lambdas/contracts/training-steps.ts';

export const hashOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

export const noon = '2026-11-21T12:00:00.000Z';

/** The instant `minutes` after noon. */
export const afterNoon = (minutes: number): string =>
  new Date(Date.parse(noon) + minutes * 60_000).toISOString();

export const runId = 'tumours-0123456789ab';
export const datasetId = hashOf('dataset');
export const manifestUri = `s3://curated/tumours/datasets/${datasetId}.json`;

/** Two features, two classes; a run needs 10 new rows and an hour since the last. */
export const tumours = (overrides: Partial<ProjectInput> = {}) =>
  defineProject({
    name: 'tumours',
    description: 'Malignant or benign.',
    schema: {
      features: { radius: { type: 'number' }, clinic: { type: 'category', nullable: true } },
      target: { column: 'diagnosis', type: 'category', values: ['malignant', 'benign'] },
    },
    training: { hyperparameters: { depth: 3, warm: true }, seed: 7, instanceType: 'ml.m6i.large' },
    gate: { primaryMetric: 'logLoss', bounds: { accuracy: 0.5 }, minimumTestRows: 4 },
    retraining: { coolDownMinutes: 60, minimumNewRows: 10, minimumNewRowsOnDrift: 2 },
    ...overrides,
  });

export const head = (overrides: Partial<DatasetHead> = {}): DatasetHead => ({
  project: 'tumours',
  record: 'dataset',
  revision: 1,
  datasetId,
  manifestUri,
  rows: 100,
  entries: 1,
  updatedAt: noon,
  ...overrides,
});

export const policy = (overrides: Partial<PolicyState> = {}): PolicyState => ({
  project: 'tumours',
  record: 'policy',
  revision: 1,
  trainedRows: 0,
  ...overrides,
});

export const run = (overrides: Partial<RunRecord> = {}): RunRecord => ({
  project: 'tumours',
  record: `run#${runId}`,
  revision: 1,
  runId,
  cause: 'new-data',
  state: 'requested',
  datasetId,
  manifestUri,
  datasetRows: 100,
  previousTrainedRows: 40,
  requestedAt: noon,
  reasons: [],
  ...overrides,
});

export const retraining = (overrides: Partial<RetrainingRequested> = {}): RetrainingRequested => ({
  project: 'tumours',
  runId,
  cause: 'new-data',
  datasetId,
  manifestUri,
  reasons: ['no other run is going'],
  requestedAt: noon,
  ...overrides,
});

/** @param parts rows of train, validation and test for each upload; the bytes of a part are its address */
export function dataset(
  ...parts: (readonly [train: number, validation: number, test: number])[]
): DatasetManifest {
  const entries = parts.map(([train, validation, test], upload) => {
    const part = (split: string, rows: number) => {
      const uri = `s3://curated/tumours/parts/${upload}/${split}.parquet`;
      return { uri, rows, sha256: hashOf(uri) };
    };
    return {
      raw: { bucket: 'raw', key: `tumours/${upload}.csv`, versionId: 'v1' },
      sha256: hashOf(`upload ${upload}`),
      rows: train + validation + test,
      parts: {
        train: part('train', train),
        validation: part('validation', validation),
        test: part('test', test),
      },
    };
  });
  return {
    schemaVersion: 1,
    project: 'tumours',
    datasetId,
    schemaSha256: hashOf('schema'),
    entries,
    rows: entries.reduce((sum, { rows }) => sum + rows, 0),
  };
}

/** The manifest of a model whose bytes are `model`. */
export const trained = (
  model: string | Uint8Array,
  overrides: Partial<TrainedManifest> = {},
): TrainedManifest => ({
  schemaVersion: 1,
  project: 'tumours',
  runId,
  task: 'classification',
  classes: ['malignant', 'benign'],
  inputs: [
    { name: 'numbers', datatype: 'FP32', shape: [-1, 1], features: ['radius'] },
    { name: 'texts', datatype: 'BYTES', shape: [-1, 1], features: ['clinic'] },
  ],
  outputs: [
    { name: 'label', datatype: 'BYTES', shape: [-1] },
    { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
  ],
  model: { file: 'model.onnx', sha256: hashOf(model), bytes: model.length, opset: 21 },
  parity: { rows: 10, maximumAbsoluteError: 1e-7 },
  validationMetrics: { accuracy: 0.9 },
  baseline: {
    rows: 10,
    features: {},
    prediction: { kind: 'category', counts: { malignant: 5, benign: 5 }, missing: 0 },
  },
  lineage: {
    datasetId,
    manifestUri,
    trainRows: 10,
    validationRows: 2,
    codeSha256: hashOf('code'),
    hyperparameters: {},
    seed: 7,
    packages: {},
  },
  ...overrides,
});

export const evaluated = (manifest: TrainedManifest): ModelManifest => ({
  ...manifest,
  evaluation: {
    testRows: 4,
    metrics: { accuracy: 0.9, logLoss: 0.2 },
    reasons: ['better'],
    evaluatedAt: noon,
  },
});

export const candidate = (overrides: Partial<EvaluationResult> = {}): EvaluationResult => ({
  project: 'tumours',
  runId,
  verdict: 'candidate',
  reasons: ['judged on 4 held-out rows, at least 4 wanted'],
  metrics: { accuracy: 0.9, logLoss: 0.2 },
  testRows: 4,
  artifactUri: `s3://artifacts/tumours/models/${runId}/`,
  ...overrides,
});
