import { defineProject } from '../../lambdas/contracts/project-definition.ts';

const measurements = [
  'radius',
  'texture',
  'perimeter',
  'area',
  'smoothness',
  'compactness',
  'concavity',
  'concave_points',
  'symmetry',
  'fractal_dimension',
];

/** Each measurement of the nuclei in an image: its mean, its standard error, and the mean of the three largest. */
const columns = [
  ...measurements.map((name) => `mean_${name}`),
  ...measurements.map((name) => `${name}_error`),
  ...measurements.map((name) => `worst_${name}`),
];

export default defineProject({
  name: 'breast-cancer',
  description: 'Tells malignant from benign breast masses by the cell nuclei in a fine-needle aspirate',
  schema: {
    // All are lengths, areas, ratios or variations: none can be negative, and new devices may well read larger values.
    features: Object.fromEntries(columns.map((name) => [name, { type: 'number' as const, minimum: 0 }])),
    target: { column: 'diagnosis', type: 'category', values: ['benign', 'malignant'] },
  },
  training: {
    hyperparameters: { inverseRegularization: 1, maximumIterations: 1000 },
  },
  gate: {
    // A clinic acts on the probability, not on the label alone.
    primaryMetric: 'logLoss',
    // Below this it is no better than a glance: the majority class alone reaches 0.63.
    bounds: { accuracy: 0.85 },
  },
  rollout: { steps: [10, 50] },
  // Windows of 200 usual rows stay below the PSI threshold in every feature; a window must still not decide alone.
  monitors: { windowRows: 200, persistence: 2 },
  retraining: {
    coolDownMinutes: 5,
    minimumNewRows: 200,
    // When the world has changed, a few rows of the new one are worth more than many of the old.
    minimumNewRowsOnDrift: 50,
  },
});
