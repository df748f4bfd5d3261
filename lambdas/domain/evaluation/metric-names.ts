import type { metricDirections, MetricName } from '../../contracts/project-definition.ts';

/** Which direction is better: held to the contract by its type. */
export const directionOf: typeof metricDirections = {
  accuracy: 'higher',
  logLoss: 'lower',
  rocAuc: 'higher',
  rootMeanSquaredError: 'lower',
  meanAbsoluteError: 'lower',
};

export const metricNames = [
  'accuracy',
  'logLoss',
  'rocAuc',
  'rootMeanSquaredError',
  'meanAbsoluteError',
] as const satisfies readonly MetricName[];
