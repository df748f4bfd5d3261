import type { Metrics } from '../../contracts/model-manifest.ts';
import { PermanentError } from '../errors.ts';
import { metricNames } from './metric-names.ts';

/**
 * A challenger that predicts nothing sensible ends its run: a gate could only guess at it.
 * @throws PermanentError that names the metric
 */
export function requireFiniteMetrics(metrics: Metrics, testRows: number): void {
  for (const name of metricNames) {
    const value = metrics[name];
    if (value !== undefined && !Number.isFinite(value)) {
      throw new PermanentError(
        `${name} of the new model is ${value} on ${testRows} held-out rows: it predicts values that are not finite`,
      );
    }
  }
}

/** The metrics that are numbers: a champion's others are as good as unknown. */
export function finiteMetrics(metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}
