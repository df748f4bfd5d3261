import { z } from 'zod';
import { projectName } from './primitives.ts';

const columnName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a column name is letters, digits and _');

const numberFeature = z.object({
  type: z.literal('number'),
  /** Inclusive bounds; a value outside them is refused at ingest. */
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  nullable: z.boolean().default(false),
});

const categoryFeature = z.object({
  type: z.literal('category'),
  /** The values allowed; any text when absent. */
  values: z.array(z.string().min(1)).min(1).optional(),
  nullable: z.boolean().default(false),
});

/** A column of the data that the model is given. */
export const feature = z.discriminatedUnion('type', [numberFeature, categoryFeature]);
export type Feature = z.infer<typeof feature>;

const target = z.discriminatedUnion('type', [
  z.object({
    column: columnName,
    type: z.literal('category'),
    /** The classes. For two of them, the last is the positive one. */
    values: z.array(z.string().min(1)).min(2),
  }),
  z.object({
    column: columnName,
    type: z.literal('number'),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
]);
export type Target = z.infer<typeof target>;

/** The metrics that evaluation computes, each with the direction that is better. */
export const metricDirections = {
  accuracy: 'higher',
  logLoss: 'lower',
  rocAuc: 'higher',
  rootMeanSquaredError: 'lower',
  meanAbsoluteError: 'lower',
} as const;
export const metricName = z.enum([
  'accuracy',
  'logLoss',
  'rocAuc',
  'rootMeanSquaredError',
  'meanAbsoluteError',
]);
export type MetricName = z.infer<typeof metricName>;

const schema = z
  .object({
    features: z.record(columnName, feature).refine((features) => Object.keys(features).length > 0, {
      message: 'a project needs at least one feature',
    }),
    target,
  })
  .refine((value) => !(value.target.column in value.features), {
    message: 'the target column is also listed as a feature: the model would be given the answer',
  });
export type ProjectSchema = z.infer<typeof schema>;

const atMostADay = z
  .int()
  .positive()
  .max(24 * 3600, 'at most 86400 seconds (24 hours): two hours later the training machine ends the run');

/** A project's contract with Millrace: what its `project.ts` exports by default, through `defineProject`. */
export const projectDefinition = z
  .object({
    name: projectName,
    description: z.string().min(1),
    schema,
    ingest: z
      .object({
        /** Largest upload, in bytes; larger ones go to quarantine unread. */
        maximumBytes: z
          .int()
          .positive()
          .default(512 * 1024 * 1024),
        minimumRows: z.int().positive().default(1),
      })
      .prefault({}),
    split: z
      .object({
        /** Share of rows held out for evaluation, and for the trainer's own validation. */
        test: z.number().min(0.05).max(0.5).default(0.2),
        validation: z.number().min(0).max(0.5).default(0.1),
        /** Changes which rows fall into which part. */
        seed: z.int().nonnegative().default(0),
      })
      .prefault({}),
    training: z
      .object({
        /** Passed to `build(...)` in `train/pipeline.py`. */
        hyperparameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
        seed: z.int().nonnegative().default(0),
        instanceType: z.string().startsWith('ml.').default('ml.m6i.large'),
        instanceCount: z.int().positive().default(1),
        volumeGiB: z.int().positive().default(30),
        maximumRuntimeSeconds: atMostADay.default(3600),
        /** Spot needs checkpoints, which are always on; waiting time counts into `maximumWaitSeconds`. */
        spot: z.boolean().default(true),
        maximumWaitSeconds: atMostADay.default(7200),
      })
      .refine((training) => !training.spot || training.maximumWaitSeconds >= training.maximumRuntimeSeconds, {
        message:
          'training.maximumWaitSeconds includes the runtime: it must not be less than maximumRuntimeSeconds',
      })
      .prefault({}),
    gate: z.object({
      primaryMetric: metricName,
      /** The challenger must beat the champion by more than this; a tie keeps the champion. */
      minimumUplift: z.number().nonnegative().default(0),
      /** Bounds that every candidate must keep, the first one too. */
      bounds: z.partialRecord(metricName, z.number()).default({}),
      /** Fewer held-out rows than this prove nothing. */
      minimumTestRows: z.int().positive().default(30),
    }),
    /** Who approves a candidate that passed the gate. */
    approval: z.enum(['policy', 'person']).default('policy'),
    rollout: z
      .object({
        /** Share of traffic in percent at each step before the full 100. */
        steps: z.array(z.int().min(1).max(99)).default([10, 50]),
        /** Time at each step before it is judged. */
        bakeMinutes: z.number().positive().default(5),
        /** Requests to the challenger below which a step is baked again … */
        minimumRequests: z.int().nonnegative().default(20),
        /** … at most this often; then it is judged by what there is. */
        maximumBakes: z.int().positive().default(3),
        /** Share of failed requests the challenger may have above the champion's. */
        maximumErrorRateIncrease: z.number().min(0).max(1).default(0.01),
        /** Challenger's p95 latency over the champion's, at most. */
        maximumLatencyRatio: z.number().positive().default(2),
        /** Latency differences below this do not count, in milliseconds. */
        latencyToleranceMs: z.number().nonnegative().default(20),
      })
      .refine((rollout) => rollout.steps.every((step, i) => i === 0 || step > (rollout.steps[i - 1] ?? 0)), {
        message: 'rollout.steps must rise from one to the next',
      })
      .prefault({}),
    monitors: z
      .object({
        /**
         * Keys that captured predictions spread over. Each takes 1,000 requests and 1 MB a second, and has windows of
         * its own, so that more of them take longer to fill.
         */
        partitions: z.int().positive().default(1),
        /** Predicted rows in one window. */
        windowRows: z.int().min(50).default(500),
        /** Windows in a row that must drift before an alarm. */
        persistence: z.int().positive().default(2),
        /** Population stability index above which a feature drifted. 0.25 is the customary "significant". */
        psiThreshold: z.number().positive().default(0.25),
        /** Jensen–Shannon distance, base 2, that must be exceeded as well. */
        jensenShannonThreshold: z.number().min(0).max(1).default(0.1),
        /** Share of features that must have drifted. */
        minimumDriftedShare: z.number().min(0).max(1).default(0.1),
      })
      .prefault({}),
    retraining: z
      .object({
        /** Time between two starts. */
        coolDownMinutes: z.number().nonnegative().default(60),
        /** New rows since the last training below which new data alone starts nothing. */
        minimumNewRows: z.int().nonnegative().default(100),
        /** The same when drift was detected: the world changed, so less will do. */
        minimumNewRowsOnDrift: z.int().nonnegative().default(1),
      })
      .prefault({}),
  })
  .refine(
    (project) => {
      const classification = project.schema.target.type === 'category';
      const metrics = [project.gate.primaryMetric, ...Object.keys(project.gate.bounds)];
      return metrics.every((metric) => ['accuracy', 'logLoss', 'rocAuc'].includes(metric) === classification);
    },
    {
      message: 'gate names a metric that does not fit the target: classes have accuracy, logLoss and rocAuc',
    },
  );

/** A project as a person writes it, defaults left out. */
export type ProjectInput = z.input<typeof projectDefinition>;
/** A project with every default in place. */
export type ProjectDefinition = z.infer<typeof projectDefinition>;

/**
 * Checks a project and fills its defaults.
 * @throws an error that lists each wrong setting by its path
 */
export function defineProject(input: ProjectInput): ProjectDefinition {
  const parsed = projectDefinition.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Error(`project '${input.name}' is not valid:\n` + z.prettifyError(parsed.error));
}

/** Every project of a deployment, by name, as it lies in each function's bundle. */
export const projectCatalog = z.record(projectName, projectDefinition);
export type ProjectCatalog = z.infer<typeof projectCatalog>;
