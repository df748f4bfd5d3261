import { z } from 'zod';
import { metricName } from './project-definition.ts';
import { instant, projectName, runId, s3Uri, sha256 } from './primitives.ts';

/** Tensor types of the Open Inference Protocol that a graph may have. */
export const datatype = z.enum(['BOOL', 'INT32', 'INT64', 'FP32', 'FP64', 'BYTES']);
export type Datatype = z.infer<typeof datatype>;

/** A tensor of the graph. The first dimension is the batch and is -1. */
export const tensorSpec = z.object({
  name: z.string().min(1),
  datatype,
  shape: z.array(z.int()).min(1),
});
export type TensorSpec = z.infer<typeof tensorSpec>;

/** An input tensor, and the columns it is filled from: one for each element along its second dimension. */
export const inputSpec = tensorSpec.extend({ features: z.array(z.string().min(1)).min(1) });
export type InputSpec = z.infer<typeof inputSpec>;

/** Histogram of a numeric feature: `counts` has one bin more than `edges` at each end, for what lies outside. */
export const numericBaseline = z.object({
  kind: z.literal('number'),
  /** Rising bin edges; a value x falls into the first bin i with x < edges[i], else into the last. */
  edges: z.array(z.number()),
  /** `edges.length + 1` counts. */
  counts: z.array(z.int().nonnegative()),
  missing: z.int().nonnegative(),
  mean: z.number(),
  standardDeviation: z.number().nonnegative(),
});
export const categoryBaseline = z.object({
  kind: z.literal('category'),
  counts: z.record(z.string(), z.int().nonnegative()),
  missing: z.int().nonnegative(),
});
export const featureBaseline = z.discriminatedUnion('kind', [numericBaseline, categoryBaseline]);
export type FeatureBaseline = z.infer<typeof featureBaseline>;

export const metrics = z.partialRecord(metricName, z.number());
export type Metrics = z.infer<typeof metrics>;

/** What the trainer writes as `manifest.json` beside `model.onnx`. */
export const trainedManifest = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  runId,
  task: z.enum(['classification', 'regression']),
  /** Class labels in the order of the probabilities; empty for regression. */
  classes: z.array(z.string()),
  inputs: z.array(inputSpec).min(1),
  /**
   * `label` (BYTES, [-1]) and `probabilities` (FP32, [-1, classes]) for classification,
   * `prediction` (FP32, [-1, 1]) for regression.
   */
  outputs: z.array(tensorSpec).min(1),
  model: z.object({
    file: z.literal('model.onnx'),
    sha256,
    bytes: z.int().positive(),
    opset: z.int().positive(),
  }),
  /** ONNX Runtime against the framework's own prediction on validation (else training) rows. */
  parity: z.object({ rows: z.int().positive(), maximumAbsoluteError: z.number().nonnegative() }),
  /** On the trainer's validation part. */
  validationMetrics: metrics,
  baseline: z.object({
    rows: z.int().positive(),
    features: z.record(z.string(), featureBaseline),
    /** Distribution of the predicted label, or value, over the training rows. */
    prediction: featureBaseline,
  }),
  lineage: z.object({
    datasetId: sha256,
    manifestUri: s3Uri,
    trainRows: z.int().positive(),
    validationRows: z.int().nonnegative(),
    /** SHA-256 over the project's training code, file by file. */
    codeSha256: sha256,
    hyperparameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    seed: z.int().nonnegative(),
    /** Exact versions of what trained it. */
    packages: z.record(z.string(), z.string()),
  }),
});
export type TrainedManifest = z.infer<typeof trainedManifest>;

/** The trainer's manifest with the evaluation added: this is what is signed and served. */
export const modelManifest = trainedManifest.extend({
  evaluation: z.object({
    testRows: z.int().positive(),
    metrics,
    /** The champion's metrics on the same rows; absent for the first model. */
    championMetrics: metrics.optional(),
    reasons: z.array(z.string()),
    evaluatedAt: instant,
  }),
});
export type ModelManifest = z.infer<typeof modelManifest>;

/** Names of a served model's files under its artifact prefix. */
export const modelFiles = {
  model: 'model.onnx',
  manifest: 'manifest.json',
  signature: 'signature.dsse.json',
} as const;
