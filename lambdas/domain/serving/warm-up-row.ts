import type { FeatureBaseline, InputSpec, TrainedManifest } from '../../contracts/model-manifest.ts';
import type { FeatureValue } from '../../contracts/prediction-record.ts';
import type { FeatureColumns } from '../ports/served-models.ts';

/** One row that the model knows well: the mean of each number, the most frequent category. */
export function warmUpRow(manifest: Pick<TrainedManifest, 'inputs' | 'baseline'>): FeatureColumns {
  return Object.fromEntries(
    manifest.inputs.flatMap(({ features, datatype }) =>
      features.map((name) => [name, [typicalValue(datatype, manifest.baseline.features[name])]]),
    ),
  );
}

function typicalValue(datatype: InputSpec['datatype'], baseline: FeatureBaseline | undefined): FeatureValue {
  if (datatype === 'BOOL') return false;
  if (datatype === 'BYTES') return baseline?.kind === 'category' ? mostFrequent(baseline.counts) : '';
  const mean = baseline?.kind === 'number' ? baseline.mean : 0;
  return datatype === 'FP32' || datatype === 'FP64' ? mean : Math.round(mean);
}

function mostFrequent(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).reduce((most, next) => (next[1] > most[1] ? next : most), [
    '',
    -1,
  ] as const)[0];
}
