import type { ModelManifest } from '../../lambdas/contracts/model-manifest.ts';
import { defineProject, type ProjectDefinition } from '../../lambdas/contracts/project-definition.ts';
import type { RouteTarget } from '../../lambdas/contracts/routing.ts';
import type { ModelSigner } from '../../lambdas/domain/ports/model-signer.ts';
import { sha256Hex } from '../../lambdas/domain/signing/dsse.ts';
import type { InMemoryObjectStore } from './in-memory-object-store.ts';

export const artifactBucket = 'artifacts';

/** The project that the classification graphs belong to. */
export const stones: ProjectDefinition = defineProject({
  name: 'stones',
  description: 'Whether a stone is large',
  schema: {
    features: { size: { type: 'number', nullable: true }, colour: { type: 'category' } },
    target: { column: 'kind', type: 'category', values: ['small', 'large'] },
  },
  gate: { primaryMetric: 'accuracy' },
});

/** The project that the regression graph belongs to. */
export const rivers: ProjectDefinition = defineProject({
  name: 'rivers',
  description: 'How much water comes',
  schema: {
    features: { rain: { type: 'number' }, snow: { type: 'number' } },
    target: { column: 'flow', type: 'number' },
  },
  gate: { primaryMetric: 'meanAbsoluteError' },
});

const common = {
  schemaVersion: 1,
  parity: { rows: 10, maximumAbsoluteError: 0 },
  validationMetrics: {},
  lineage: {
    datasetId: 'd'.repeat(64),
    manifestUri: 's3://curated/datasets/d.json',
    trainRows: 100,
    validationRows: 10,
    codeSha256: 'c'.repeat(64),
    hyperparameters: {},
    seed: 0,
    packages: {},
  },
  evaluation: { testRows: 30, metrics: {}, reasons: [], evaluatedAt: '2026-11-20T12:00:00.000Z' },
} as const;

/** The manifest of a classification graph. */
export function stonesManifest(graph: Uint8Array, runId: string): ModelManifest {
  return {
    ...structuredClone(common),
    evaluation: { ...common.evaluation, reasons: [] },
    project: 'stones',
    runId,
    task: 'classification',
    classes: ['small', 'large'],
    inputs: [
      { name: 'size', datatype: 'FP32', shape: [-1, 1], features: ['size'] },
      { name: 'colour', datatype: 'BYTES', shape: [-1, 1], features: ['colour'] },
    ],
    outputs: [
      { name: 'label', datatype: 'BYTES', shape: [-1] },
      { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
    ],
    model: { file: 'model.onnx', sha256: sha256Hex(graph), bytes: graph.length, opset: 18 },
    baseline: {
      rows: 100,
      features: {
        size: { kind: 'number', edges: [0], counts: [50, 50], missing: 0, mean: 1.5, standardDeviation: 1 },
        colour: { kind: 'category', counts: { blue: 40, red: 60 }, missing: 0 },
      },
      prediction: { kind: 'category', counts: { small: 50, large: 50 }, missing: 0 },
    },
  };
}

/** The manifest of the regression graph. */
export function riversManifest(graph: Uint8Array, runId: string): ModelManifest {
  const { lineage, validationMetrics, parity } = structuredClone(common);
  const numbers = {
    kind: 'number',
    edges: [1],
    counts: [50, 50],
    missing: 0,
    mean: 2,
    standardDeviation: 1,
  } as const;
  const baseline = { ...numbers, edges: [1], counts: [50, 50] };
  return {
    schemaVersion: 1,
    lineage,
    validationMetrics,
    parity,
    evaluation: { ...common.evaluation, reasons: [] },
    project: 'rivers',
    runId,
    task: 'regression',
    classes: [],
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2], features: ['rain', 'snow'] }],
    outputs: [{ name: 'prediction', datatype: 'FP32', shape: [-1, 1] }],
    model: { file: 'model.onnx', sha256: sha256Hex(graph), bytes: graph.length, opset: 18 },
    baseline: { rows: 100, features: { rain: baseline, snow: baseline }, prediction: baseline },
  };
}

/** Puts a signed model where serving looks for it. */
export async function publishModel(
  store: InMemoryObjectStore,
  signer: ModelSigner,
  version: number,
  graph: Uint8Array,
  manifest: ModelManifest,
): Promise<RouteTarget> {
  const artifactUri = `s3://${artifactBucket}/${manifest.project}/v${version}/${manifest.runId}`;
  const manifestBytes = Buffer.from(JSON.stringify(manifest));
  const envelope = await signer.sign({
    project: manifest.project,
    runId: manifest.runId,
    files: { 'model.onnx': sha256Hex(graph), 'manifest.json': sha256Hex(manifestBytes) },
  });
  store.put(`${artifactUri}/model.onnx`, graph);
  store.put(`${artifactUri}/manifest.json`, manifestBytes);
  store.put(`${artifactUri}/signature.dsse.json`, JSON.stringify(envelope));
  return { version, artifactUri };
}
