import { predictionRecord } from '../../contracts/prediction-record.ts';

/** A prediction as captured, held to what its contract says in words: each column has a value for every row. */
export const capturedPrediction = predictionRecord.superRefine(
  ({ status, rows, features, predictions }, context) => {
    if (status !== 200 || Object.keys(features).length === 0) return;
    for (const [name, values] of [...Object.entries(features), ['predictions', predictions] as const]) {
      if (values.length !== rows) {
        context.addIssue(`'${name}' has ${values.length} values, expected one for each of ${rows} rows`);
      }
    }
  },
);
