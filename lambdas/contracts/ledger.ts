import { z } from 'zod';
import { metrics } from './model-manifest.ts';
import { instant, modelVersion, projectName, rawObject, runId, s3Uri, sha256 } from './primitives.ts';
import { retrainingCause } from './retraining-requested.ts';

/*
 * The ledger: one DynamoDB table, partition key `project`, sort key `record`. Every answer that Millrace gives is a
 * record here, and the event that announces it lies in the same item's `outbox` attribute, sent by the table's stream.
 */

/** `object#<key>#<versionId>`: what became of one raw object version. Written once. */
export const objectRecord = z.object({
  project: z.string(),
  record: z.string().startsWith('object#'),
  raw: rawObject,
  verdict: z.enum(['accepted', 'rejected', 'duplicate']),
  sha256: sha256.optional(),
  rows: z.int().nonnegative().optional(),
  datasetId: sha256.optional(),
  reportUri: s3Uri.optional(),
  reasons: z.array(z.string()).default([]),
  at: instant,
});
export type ObjectRecord = z.infer<typeof objectRecord>;

/**
 * `content#<sha256>`: these bytes are in the dataset. Changes by a write conditional on `revision`: after a change of
 * the schema the same bytes may be accepted again.
 */
export const contentRecord = z.object({
  project: projectName,
  record: z.string().startsWith('content#'),
  revision: z.int().positive(),
  /** What the project's schema was when they were accepted, as in the dataset's manifest. */
  schemaSha256: sha256,
  raw: rawObject,
  datasetId: sha256,
  at: instant,
});
export type ContentRecord = z.infer<typeof contentRecord>;

/** `dataset`: the project's present dataset. Changes by a write conditional on `revision`. */
export const datasetHead = z.object({
  project: projectName,
  record: z.literal('dataset'),
  revision: z.int().positive(),
  datasetId: sha256,
  manifestUri: s3Uri,
  rows: z.int().positive(),
  entries: z.int().positive(),
  updatedAt: instant,
});
export type DatasetHead = z.infer<typeof datasetHead>;

/** `decision#<id>`: one answer of the retraining policy. `id` is made from the cause's event. */
export const decisionRecord = z.object({
  project: projectName,
  record: z.string().startsWith('decision#'),
  decisionId: z.string().min(1),
  cause: retrainingCause,
  answer: z.enum(['requested', 'declined']),
  reasons: z.array(z.string().min(1)).min(1),
  runId: runId.optional(),
  at: instant,
});
export type DecisionRecord = z.infer<typeof decisionRecord>;

/** `policy`: what the retraining policy remembers. Changes by a write conditional on `revision`. */
export const policyState = z.object({
  project: projectName,
  record: z.literal('policy'),
  revision: z.int().positive(),
  /** The run that holds the project's one place for a training. */
  activeRun: runId.optional(),
  lastRequestedAt: instant.optional(),
  /** Rows of the dataset that the last started run was given. */
  trainedRows: z.int().nonnegative(),
});
export type PolicyState = z.infer<typeof policyState>;

/** `run#<runId>`: one run of the training machine, from request to end. Changes by a write conditional on `revision`. */
export const runRecord = z.object({
  project: projectName,
  record: z.string().startsWith('run#'),
  revision: z.int().positive(),
  runId,
  cause: retrainingCause,
  state: z.enum(['requested', 'running', 'registered', 'rejected', 'failed']),
  datasetId: sha256,
  manifestUri: s3Uri,
  datasetRows: z.int().positive(),
  /** The policy's `trainedRows` before this run: what a failed run puts back. */
  previousTrainedRows: z.int().nonnegative(),
  requestedAt: instant,
  finishedAt: instant.optional(),
  /** The gate's reasons, or the first line of what failed. */
  reasons: z.array(z.string()).default([]),
  metrics: metrics.optional(),
  championMetrics: metrics.optional(),
  version: modelVersion.optional(),
  executionArn: z.string().optional(),
});
export type RunRecord = z.infer<typeof runRecord>;

/** `training-job#<name>`: the task token that a locally run training job answers to. */
export const trainingTask = z.object({
  project: projectName,
  record: z.string().startsWith('training-job#'),
  taskToken: z.string().min(1),
});

/** `version#<number>`: one registered model version. Written once, by its registration. */
export const versionRecord = z.object({
  project: projectName,
  record: z.string().startsWith('version#'),
  version: modelVersion,
  modelPackageArn: z.string().min(1),
  artifactUri: s3Uri,
  modelSha256: sha256,
  runId,
  at: instant,
});
export type VersionRecord = z.infer<typeof versionRecord>;

/** Sort keys, in one place. */
export const ledgerKeys = {
  object: (key: string, versionId: string) => `object#${key}#${versionId}`,
  /** Marks bytes already accepted, whatever they were called. */
  content: (hash: string) => `content#${hash}`,
  dataset: 'dataset',
  decision: (id: string) => `decision#${id}`,
  policy: 'policy',
  run: (id: string) => `run#${id}`,
  version: (version: number) => `version#${String(version).padStart(6, '0')}`,
  trainingJob: (name: string) => `training-job#${name}`,
  drift: (id: string) => `drift#${id}`,
  rollout: (version: number, at: string) => `rollout#${String(version).padStart(6, '0')}#${at}`,
} as const;
