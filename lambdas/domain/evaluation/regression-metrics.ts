import type { Metrics } from '../../contracts/model-manifest.ts';

/** Root mean squared error and mean absolute error, in the target's unit. O(n). */
export function regressionMetrics(truth: readonly number[], predicted: ArrayLike<number>): Metrics {
  let squares = 0;
  let absolutes = 0;
  truth.forEach((value, row) => {
    const error = (predicted[row] ?? Number.NaN) - value;
    squares += error * error;
    absolutes += Math.abs(error);
  });
  return {
    rootMeanSquaredError: Math.sqrt(squares / truth.length),
    meanAbsoluteError: absolutes / truth.length,
  };
}
