import type { Metrics } from '../../lambdas/contracts/model-manifest.ts';

/** `accuracy 0.9561, logLoss 0.0912` */
export function formatMetrics(metrics: Metrics | undefined): string {
  return Object.entries(metrics ?? {})
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(', ');
}
