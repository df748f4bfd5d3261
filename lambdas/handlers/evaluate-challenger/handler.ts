import { datasetManifest } from '../../contracts/dataset-manifest.ts';
import { modelFiles } from '../../contracts/model-manifest.ts';
import type { Metrics, ModelManifest, TrainedManifest } from '../../contracts/model-manifest.ts';
import type { ProjectCatalog, ProjectDefinition } from '../../contracts/project-definition.ts';
import type { RoutingTable } from '../../contracts/routing.ts';
import { evaluateInput } from '../../contracts/training-steps.ts';
import type { EvaluateInput, EvaluationResult } from '../../contracts/training-steps.ts';
import { PermanentError } from '../../domain/errors.ts';
import { featuresOf, incomparable } from '../../domain/evaluation/comparable.ts';
import { decideGate } from '../../domain/evaluation/decide-gate.ts';
import { finiteMetrics, requireFiniteMetrics } from '../../domain/evaluation/finite-metrics.ts';
import { scoreModel } from '../../domain/evaluation/score-model.ts';
import type { HeldOutRows, ScorableModel } from '../../domain/evaluation/score-model.ts';
import type { ObjectStore } from '../../domain/ports/object-store.ts';
import { runLocations } from '../../domain/training/run-locations.ts';
import { unfinishedJob } from '../../domain/training/unfinished-job.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs, parseJsonAs } from '../../runtime/parse.ts';
import { inTemporaryFolder } from '../../runtime/temporary-folder.ts';
import { readChampionManifest, readChampionModel } from './champion.ts';
import { fetchHeldOutRows } from './held-out-rows.ts';
import type { ReadColumns } from './held-out-rows.ts';

interface LoadedModel {
  predict: ScorableModel['predict'];
  dispose(): void | Promise<void>;
}

interface World {
  readonly objects: ObjectStore;
  readonly projects: ProjectCatalog;
  readonly routing: (project: string) => Promise<RoutingTable | undefined>;
  readonly openArchive: (
    uri: string,
    folder: string,
  ) => Promise<{ manifest: TrainedManifest; model: Uint8Array; modelPath: string }>;
  readonly readColumns: ReadColumns;
  readonly loadModel: (bytes: Uint8Array, manifest: TrainedManifest) => Promise<LoadedModel>;
  readonly artifactBucket: string;
  readonly now: () => string;
}

interface Comparison {
  readonly metrics: Metrics | undefined;
  /** Why there is a champion, but no metrics of it. */
  readonly note: string | undefined;
}

/**
 * Judges a freshly trained model against the champion on the same held-out rows.
 * The model and its manifest, with the evaluation added, are left under the run's artifact prefix; not so when there is
 * no held-out row at all, as there is no evaluation to add then.
 */
export function evaluateChallenger(world: World) {
  return async (input: unknown): Promise<EvaluationResult> => {
    const request = parseAs(evaluateInput, input, 'the input of evaluate-challenger');
    requireCompleted(request);
    const project = world.projects[request.project];
    if (!project) throw new PermanentError(`project '${request.project}' is not deployed any more`);
    return inTemporaryFolder((folder) => evaluate(world, request, project, folder));
  };
}

async function evaluate(
  world: World,
  request: EvaluateInput,
  project: ProjectDefinition,
  folder: string,
): Promise<EvaluationResult> {
  const { objects } = world;
  const challenger = await world.openArchive(request.modelArchiveUri, folder);
  requireSameRun(challenger.manifest, request, project);
  const dataset = parseJsonAs(datasetManifest, await objects.read(request.manifestUri), request.manifestUri);
  const rows = await fetchHeldOutRows(
    objects,
    world.readColumns,
    dataset,
    featuresOf(challenger.manifest),
    project.schema.target.column,
    folder,
  );
  const testRows = rows.truth.length;
  const metrics = testRows === 0 ? {} : await scoreChallenger(world, challenger, rows);
  requireFiniteMetrics(metrics, testRows);
  const champion = await scoreChampion(world, request.project, challenger.manifest, rows);

  const decision = decideGate({ metrics, testRows }, champion.metrics, project.gate);
  const reasons = [...decision.reasons, ...(champion.note === undefined ? [] : [champion.note])];
  const artifactUri = runLocations(world.artifactBucket, request.project, request.runId).model;
  if (testRows > 0) {
    const manifest: ModelManifest = {
      ...challenger.manifest,
      evaluation: {
        testRows,
        metrics,
        championMetrics: champion.metrics,
        reasons,
        evaluatedAt: world.now(),
      },
    };
    await objects.upload(
      challenger.modelPath,
      `${artifactUri}${modelFiles.model}`,
      'application/octet-stream',
    );
    await objects.write(
      `${artifactUri}${modelFiles.manifest}`,
      JSON.stringify(manifest, undefined, 2),
      'application/json',
    );
  }
  logger.info(`challenger ${decision.verdict}`, { runId: request.runId, reasons, metrics });
  return {
    project: request.project,
    runId: request.runId,
    verdict: decision.verdict,
    reasons,
    metrics,
    ...(champion.metrics && { championMetrics: champion.metrics }),
    testRows,
    artifactUri,
  };
}

/** The machine may go on after a job that was stopped half-way: what such a job left is no model to judge. */
function requireCompleted({ runId, trainingJobStatus, trainingSecondaryStatus }: EvaluateInput): void {
  if (trainingJobStatus === 'Completed') return;
  throw new PermanentError(unfinishedJob(runId, trainingJobStatus, trainingSecondaryStatus));
}

/** A model that was trained for something else must not be judged as if it were this run's. */
function requireSameRun(manifest: TrainedManifest, request: EvaluateInput, project: ProjectDefinition): void {
  const task = project.schema.target.type === 'category' ? 'classification' : 'regression';
  const expected = { project: request.project, runId: request.runId, datasetId: request.datasetId, task };
  const found = {
    project: manifest.project,
    runId: manifest.runId,
    datasetId: manifest.lineage.datasetId,
    task: manifest.task,
  };
  for (const name of ['project', 'runId', 'datasetId', 'task'] as const) {
    if (found[name] !== expected[name]) {
      throw new PermanentError(
        `the trainer's manifest says ${name} ${found[name]}, expected ${expected[name]}`,
      );
    }
  }
  const unknown = featuresOf(manifest).filter((name) => !(name in project.schema.features));
  if (unknown.length > 0) {
    throw new PermanentError(
      `the model asks for features that the project's schema does not have: ${unknown.join(', ')}`,
    );
  }
}

async function scoreChallenger(
  { loadModel }: World,
  { model, manifest }: { model: Uint8Array; manifest: TrainedManifest },
  rows: HeldOutRows,
): Promise<Metrics> {
  try {
    return await score(loadModel, model, manifest, rows);
  } catch (error) {
    if (error instanceof PermanentError) throw error;
    // The same bytes on the same rows would fail again.
    throw new PermanentError(
      `the new model cannot be run: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

async function scoreChampion(
  { objects, routing, loadModel }: World,
  project: string,
  challenger: TrainedManifest,
  rows: HeldOutRows,
): Promise<Comparison> {
  const target = (await routing(project))?.champion;
  if (!target || rows.truth.length === 0) return { metrics: undefined, note: undefined };
  const manifest = await readChampionManifest(objects, target);
  const obstacle = incomparable(manifest, challenger);
  if (obstacle) {
    return { metrics: undefined, note: `version ${target.version} could not be compared: ${obstacle}` };
  }
  const model = await readChampionModel(objects, target, manifest);
  return { metrics: finiteMetrics(await score(loadModel, model, manifest, rows)), note: undefined };
}

async function score(
  loadModel: World['loadModel'],
  bytes: Uint8Array,
  manifest: TrainedManifest,
  rows: HeldOutRows,
): Promise<Metrics> {
  const model = await loadModel(bytes, manifest);
  try {
    return await scoreModel({ manifest, predict: (columns, count) => model.predict(columns, count) }, rows);
  } finally {
    await model.dispose();
  }
}
