import type { Metrics, TrainedManifest } from '../../contracts/model-manifest.ts';
import { PermanentError } from '../errors.ts';
import type { FeatureColumns, ModelOutput } from '../ports/served-models.ts';
import { classificationMetrics } from './classification-metrics.ts';
import { featuresOf } from './comparable.ts';
import { regressionMetrics } from './regression-metrics.ts';

/** A model in memory, and what its manifest says of it. */
export interface ScorableModel {
  readonly manifest: Pick<TrainedManifest, 'task' | 'classes' | 'inputs'>;
  predict(columns: FeatureColumns, rows: number): Promise<ModelOutput>;
}

/** The rows that both models are judged on. */
export interface HeldOutRows {
  readonly features: FeatureColumns;
  /** The target column: class labels, or numbers. */
  readonly truth: readonly (string | number | null)[];
}

/** Large enough for batching to pay, small enough for the tensors of one batch not to matter. */
const batchRows = 4096;

/**
 * Predicts every held-out row and computes the metrics of the model's task.
 * @throws PermanentError when the truth is of another kind than the task
 */
export async function scoreModel(model: ScorableModel, { features, truth }: HeldOutRows): Promise<Metrics> {
  const { task, classes } = model.manifest;
  const names = featuresOf(model.manifest);
  const labels: string[] = [];
  const probabilities = new Float32Array(task === 'classification' ? truth.length * classes.length : 0);
  const values = new Float64Array(task === 'regression' ? truth.length : 0);

  for (let start = 0; start < truth.length; start += batchRows) {
    const end = Math.min(start + batchRows, truth.length);
    const batch = Object.fromEntries(names.map((name) => [name, (features[name] ?? []).slice(start, end)]));
    const output = await model.predict(batch, end - start);
    if ('labels' in output) {
      labels.push(...output.labels);
      probabilities.set(output.probabilities, start * classes.length);
    } else {
      values.set(output.values, start);
    }
  }
  return task === 'classification'
    ? classificationMetrics(truth.map(asLabel), classes, { labels, probabilities })
    : regressionMetrics(truth.map(asNumber), values);
}

function asLabel(value: string | number | null, row: number): string {
  if (typeof value === 'string') return value;
  throw new PermanentError(`held-out row ${row + 1} has ${value} for its class: a text was expected`);
}

function asNumber(value: string | number | null, row: number): number {
  if (typeof value === 'number') return value;
  throw new PermanentError(`held-out row ${row + 1} has ${value} for its target: a number was expected`);
}
