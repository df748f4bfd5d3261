import type { ModelBaselines } from '../../adapters/model-baselines.ts';
import type { DynamoDbMonitors } from '../../adapters/dynamodb-monitors.ts';
import type { DynamoDbRouting } from '../../adapters/dynamodb-routing.ts';
import { projectDefinition, type ProjectCatalog } from '../../contracts/project-definition.ts';
import { latencyEdgesMs } from '../../contracts/rollout-steps.ts';
import type { RoutingTable } from '../../contracts/routing.ts';
import {
  foldPredictions,
  freshPredictions,
  type FoldContext,
  type SequencedPrediction,
} from '../../domain/drift/fold-predictions.ts';
import type { Baseline } from '../../domain/drift/judge-window.ts';
import { ConflictError, PermanentError } from '../../domain/errors.ts';
import { logger } from '../../runtime/logger.ts';
import { streamConsumer } from '../../runtime/stream-consumer.ts';
import { capturedPrediction } from './captured-prediction.ts';

/** Lost races before the batch is given back to the stream: a shard has one reader, so even one is rare. */
const maximumLosses = 5;

const defaultLimits = projectDefinition.shape.monitors.parse(undefined);

export interface WatchDependencies {
  readonly projects: ProjectCatalog;
  readonly monitors: DynamoDbMonitors;
  readonly routing: DynamoDbRouting;
  readonly baselines: ModelBaselines;
}

/**
 * Counts captured predictions into each version's counters and windows, and announces drift. Each project's share of
 * a batch is committed on its own, once, however often the batch comes; a failure of one does not hold up another.
 */
export function watchPredictions(dependencies: WatchDependencies) {
  return streamConsumer(capturedPrediction, async (shardId, items) => {
    const byProject = Map.groupBy(
      items.map(({ sequence, value }) => ({ sequence, prediction: value })),
      ({ prediction }) => prediction.project,
    );
    const outcomes = await Promise.allSettled(
      [...byProject].map(([project, predictions]) =>
        watchProject(dependencies, project, shardId, predictions),
      ),
    );
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of failures) logger.error('predictions not watched', { error: reason, shardId });
    if (failures[0]) throw failures[0].reason;
  });
}

async function watchProject(
  dependencies: WatchDependencies,
  project: string,
  shardId: string,
  predictions: readonly SequencedPrediction[],
): Promise<void> {
  const { monitors } = dependencies;
  const context = await foldContext(dependencies, project, predictions);
  for (let losses = 0; losses <= maximumLosses;) {
    const before = await monitors.readShard(project, shardId);
    const fresh = freshPredictions(before?.lastSequence, predictions);
    if (fresh.length === 0) return;
    const fold = foldPredictions(before, fresh, context);
    if (!(await monitors.commit(project, shardId, before, fold))) losses += 1;
    else if (fold.taken === fresh.length) return;
  }
  throw new ConflictError(
    `${shardId} of '${project}' was written by others ${maximumLosses + 1} times in a row`,
  );
}

async function foldContext(
  { projects, monitors, routing, baselines }: WatchDependencies,
  project: string,
  predictions: readonly SequencedPrediction[],
): Promise<FoldContext> {
  const table = await routing.read(project);
  const versions = new Set(predictions.map(({ prediction }) => prediction.version));
  const found = new Map<number, Baseline>();
  for (const version of versions) {
    const artifactUri = targets(table).get(version);
    if (artifactUri === undefined) {
      logger.info('version is out of traffic: counted, not compared with its baseline', { project, version });
      continue;
    }
    const baseline = await readableBaseline(baselines, { project, version, artifactUri });
    if (baseline) found.set(version, baseline);
  }
  return {
    baselines: found,
    isRouted: (version) => targets(table).has(version),
    limits: projects[project]?.monitors ?? defaultLimits,
    latencyEdgesMs,
    capacity: monitors.capacity,
  };
}

/** Without a baseline there is nothing to compare with, but the rollout's judge still needs its counters. */
async function readableBaseline(
  baselines: ModelBaselines,
  model: { project: string; version: number; artifactUri: string },
): Promise<Baseline | undefined> {
  try {
    return await baselines.read(model.artifactUri);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    logger.error('baseline is unreadable: this version is counted, but its drift is not watched', {
      error,
      ...model,
    });
    return undefined;
  }
}

/** Artifact addresses of the versions that may be given traffic. */
function targets(table: RoutingTable | undefined): Map<number, string> {
  const routed = table ? [table.champion, table.challenger, table.previous] : [];
  return new Map(routed.flatMap((target) => (target ? [[target.version, target.artifactUri]] : [])));
}
