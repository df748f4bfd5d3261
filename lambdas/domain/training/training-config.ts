import type { ProjectDefinition } from '../../contracts/project-definition.ts';
import type { RetrainingRequested } from '../../contracts/retraining-requested.ts';
import type { TrainingConfig } from '../../contracts/training-config.ts';

/** What the trainer is told about a run. Features keep the order of the project's schema. */
export function buildTrainingConfig(
  request: RetrainingRequested,
  project: ProjectDefinition,
): TrainingConfig {
  const { features, target } = project.schema;
  return {
    schemaVersion: 1,
    project: request.project,
    runId: request.runId,
    datasetId: request.datasetId,
    manifestUri: request.manifestUri,
    features: Object.entries(features).map(([name, feature]) => ({ name, feature })),
    target: {
      column: target.column,
      type: target.type,
      values: target.type === 'category' ? target.values : [],
    },
    hyperparameters: project.training.hyperparameters,
    seed: project.training.seed,
  };
}
