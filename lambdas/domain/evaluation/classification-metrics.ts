import type { Metrics } from '../../contracts/model-manifest.ts';
import { PermanentError } from '../errors.ts';
import { areaUnderRoc } from './area-under-roc.ts';

/** Probabilities are kept this far from 0 and 1, so that one confident mistake costs much but not everything. */
const clip = 1e-15;

export interface ClassPredictions {
  readonly labels: readonly string[];
  /** Row-major, one column for each class. */
  readonly probabilities: ArrayLike<number>;
}

/**
 * Accuracy, logarithmic loss in nats (Bishop, Pattern Recognition and Machine Learning, eq. 4.108, as a mean over
 * rows), and for two classes the area under the ROC curve, the last class being the positive one. `rocAuc` is absent
 * when only one class occurs. O(n log n) in rows.
 *
 * @throws PermanentError for a truth that is none of the classes
 */
export function classificationMetrics(
  truth: readonly string[],
  classes: readonly string[],
  { labels, probabilities }: ClassPredictions,
): Metrics {
  const positions = new Map(classes.map((name, position) => [name, position]));
  let correct = 0;
  let loss = 0;
  truth.forEach((label, row) => {
    const position = positions.get(label);
    if (position === undefined) {
      throw new PermanentError(
        `held-out row ${row + 1} is of class '${label}', but the model knows ${classes.join(', ')}: ` +
          `train it on the project's present schema`,
      );
    }
    if (labels[row] === label) correct += 1;
    loss -= Math.log(clipped(probabilities[row * classes.length + position] ?? Number.NaN));
  });
  const metrics: Metrics = { accuracy: correct / truth.length, logLoss: loss / truth.length };
  if (classes.length !== 2) return metrics;
  const rocAuc = areaUnderRoc(
    truth.map((label) => label === classes[1]),
    truth.map((_, row) => probabilities[row * 2 + 1] ?? Number.NaN),
  );
  return rocAuc === undefined ? metrics : { ...metrics, rocAuc };
}

function clipped(probability: number): number {
  return Math.min(1 - clip, Math.max(clip, probability));
}
