import type { Metrics } from '../../contracts/model-manifest.ts';
import { metricNames } from './metric-names.ts';

/** `accuracy 0.97, logLoss 0.104`: six significant digits. */
export function describeMetrics(metrics: Metrics): string {
  return metricNames
    .flatMap((name) => {
      const value = metrics[name];
      return value === undefined ? [] : `${name} ${Number(value.toPrecision(6))}`;
    })
    .join(', ');
}
