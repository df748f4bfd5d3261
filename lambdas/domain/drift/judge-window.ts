import type { FeatureDrift } from '../../contracts/drift-detected.ts';
import type { FeatureBaseline, ModelManifest } from '../../contracts/model-manifest.ts';
import type { LiveHistogram } from '../../contracts/monitor-records.ts';
import type { ProjectDefinition } from '../../contracts/project-definition.ts';
import { alignCounts } from './aligned-counts.ts';
import { emptyHistogram } from './histogram.ts';
import { jensenShannonDistance } from './jensen-shannon-distance.ts';
import { populationStabilityIndex, samplingBound } from './population-stability-index.ts';

export type Baseline = ModelManifest['baseline'];
export type MonitorLimits = ProjectDefinition['monitors'];

/** What a window holds once it is full. */
export interface WindowContent {
  readonly features: Readonly<Record<string, LiveHistogram>>;
  readonly predictions: LiveHistogram;
}

export interface WindowJudgement {
  /** Every feature of the baseline, most drifted first. */
  readonly features: readonly FeatureDrift[];
  readonly predictionPsi: number;
  readonly drifted: boolean;
}

/**
 * Compares a full window with the baseline. A feature drifted if both its distances exceed their thresholds and the
 * index also exceeds what sampling alone explains; the window drifted if enough of its features did, one at least.
 */
export function judgeWindow(
  window: WindowContent,
  baseline: Baseline,
  limits: MonitorLimits,
): WindowJudgement {
  const features = Object.entries(baseline.features)
    .map(([feature, expected]) =>
      judgeFeature(feature, expected, window.features[feature] ?? emptyHistogram(expected), limits),
    )
    .toSorted((a, b) => b.psi - a.psi);
  const drifted = features.filter((feature) => feature.drifted).length;
  return {
    features,
    predictionPsi: populationStabilityIndex(alignCounts(baseline.prediction, window.predictions)),
    drifted: drifted > 0 && drifted / features.length >= limits.minimumDriftedShare,
  };
}

function judgeFeature(
  feature: string,
  expected: FeatureBaseline,
  live: LiveHistogram,
  limits: MonitorLimits,
): FeatureDrift {
  const counts = alignCounts(expected, live);
  const psi = populationStabilityIndex(counts);
  const jensenShannon = jensenShannonDistance(counts);
  return {
    feature,
    psi,
    jensenShannon,
    drifted:
      psi > limits.psiThreshold &&
      psi > samplingBound(counts) &&
      jensenShannon > limits.jensenShannonThreshold,
  };
}
