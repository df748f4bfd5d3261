import { join } from 'node:path';
import { Collection } from './collection.ts';
import type { PendingEvent } from './collection.ts';
import { modelPackageGroupRecord, modelPackageRecord, trainingJobRecord } from './records.ts';
import type { ModelPackageGroupRecord, ModelPackageRecord, TrainingJobRecord } from './records.ts';

/** Everything the server knows. `packages` are keyed `group/version`. */
export interface StateStore {
  readonly jobs: Collection<TrainingJobRecord>;
  readonly groups: Collection<ModelPackageGroupRecord>;
  readonly packages: Collection<ModelPackageRecord>;
  /** Events not yet accepted by the bus, oldest first. */
  pendingEvents(): PendingEvent[];
  acknowledge(ids: ReadonlySet<string>): void;
}

export function openState(stateDir: string): StateStore {
  const jobs = new Collection(join(stateDir, 'training-jobs'), trainingJobRecord);
  const groups = new Collection(join(stateDir, 'model-package-groups'), modelPackageGroupRecord);
  const packages = new Collection(join(stateDir, 'model-packages'), modelPackageRecord);
  return {
    jobs,
    groups,
    packages,
    pendingEvents: () =>
      [...jobs.pendingEvents(), ...groups.pendingEvents(), ...packages.pendingEvents()].sort(
        (a, b) => a.order - b.order,
      ),
    acknowledge(ids) {
      jobs.acknowledge(ids);
      groups.acknowledge(ids);
      packages.acknowledge(ids);
    },
  };
}
