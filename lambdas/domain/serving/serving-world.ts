import type { PredictionRecord } from '../../contracts/prediction-record.ts';
import type { ProjectDefinition } from '../../contracts/project-definition.ts';
import type { RoutingTable } from '../../contracts/routing.ts';
import type { ServedModels } from '../ports/served-models.ts';

/** What serving needs from the world. */
export interface ServingWorld {
  /** Every project of the deployment. */
  readonly projects: Readonly<Record<string, ProjectDefinition>>;
  /** Bucket that uploads go to, for telling people. */
  readonly rawBucket: string;
  /** The project's routing row; undefined before its first model. @throws when it was never read and cannot be */
  readonly routing: (project: string) => Promise<RoutingTable | undefined>;
  readonly models: ServedModels;
  /** Takes a record and returns at once; never throws. */
  readonly capture: (record: PredictionRecord) => void;
  /** Tells the operators of a failure that the caller is told in one sentence only. */
  readonly report: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** A new unique id. */
  readonly newId: () => string;
  /** The present instant, ISO 8601. */
  readonly now: () => string;
  /** Any rising clock, in milliseconds with fractions. */
  readonly elapsedMs: () => number;
}
