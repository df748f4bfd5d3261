/** Records as they lie in the tables, one valid example of each. */

const datasetId = 'a'.repeat(64);
export const instantOf = (minute: number) => `2026-11-21T08:${String(minute).padStart(2, '0')}:00.000Z`;

export const runItem = (runId: string, minute: number, extra: object = {}) => ({
  project: 'wine',
  record: `run#${runId}`,
  revision: 2,
  runId,
  cause: 'new-data',
  state: 'registered',
  datasetId,
  manifestUri: `s3://curated/wine/datasets/${datasetId}.json`,
  datasetRows: 120,
  previousTrainedRows: 80,
  requestedAt: instantOf(minute),
  finishedAt: instantOf(minute + 1),
  reasons: ['accuracy 0.9561 is above 0.9'],
  metrics: { accuracy: 0.956123 },
  version: 1,
  ...extra,
});

export const decisionItem = (decisionId: string, minute: number, extra: object = {}) => ({
  project: 'wine',
  record: `decision#${decisionId}`,
  decisionId,
  cause: 'drift',
  answer: 'declined',
  reasons: ['the last training started 2 minutes ago, the cool-down is 60'],
  at: instantOf(minute),
  ...extra,
});

export const datasetItem = {
  project: 'wine',
  record: 'dataset',
  revision: 2,
  datasetId,
  manifestUri: `s3://curated/wine/datasets/${datasetId}.json`,
  rows: 120,
  entries: 2,
  updatedAt: instantOf(0),
};

export const routingItem = {
  project: 'wine',
  record: 'routing',
  revision: 3,
  champion: { version: 2, artifactUri: 's3://artifacts/wine/2' },
  challenger: { version: 3, artifactUri: 's3://artifacts/wine/3', weightPercent: 10 },
  previous: { version: 1, artifactUri: 's3://artifacts/wine/1' },
  updatedAt: instantOf(0),
};

export const windowItem = (number: number, minute: number, extra: object = {}) => ({
  project: 'wine',
  record: `window#000002#${String(number).padStart(8, '0')}#shardId-0`,
  version: 2,
  number,
  rows: 500,
  drifted: true,
  features: [
    { feature: 'alcohol', psi: 0.41, jensenShannon: 0.3, drifted: true },
    { feature: 'ash', psi: 0.01, jensenShannon: 0.02, drifted: false },
  ],
  predictionPsi: 0.1,
  startedAt: instantOf(minute),
  closedAt: instantOf(minute),
  ...extra,
});
