import type { ModelManifest } from '../../contracts/model-manifest.ts';
import type { FeatureValue } from '../../contracts/prediction-record.ts';
import type { RouteTarget } from '../../contracts/routing.ts';

/** Feature values by name, one for each row. A missing number or category is null. */
export type FeatureColumns = Readonly<Record<string, FeatureValue[]>>;

/** A model's answer: a label for each row with probabilities of shape (rows, classes) in row-major order, or a value. */
export type ModelOutput =
  | { readonly labels: readonly string[]; readonly probabilities: Float32Array }
  | { readonly values: Float64Array };

/** A verified model in memory, held until `release` is called, once. */
export interface ModelLease {
  readonly manifest: ModelManifest;
  predict(columns: FeatureColumns, rows: number): Promise<ModelOutput>;
  release(): void;
}

/** Models that may be served: nothing comes out of here that was not verified. */
export interface ServedModels {
  /** @throws when the version cannot be read, verified or loaded; the message says which and why */
  acquire(project: string, target: RouteTarget): Promise<ModelLease>;
}
