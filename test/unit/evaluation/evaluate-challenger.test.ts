import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openModelArchive } from '../../../lambdas/adapters/tar-model-archive.ts';
import type { TrainedManifest } from '../../../lambdas/contracts/model-manifest.ts';
import { modelManifest } from '../../../lambdas/contracts/model-manifest.ts';
import type { RoutingTable } from '../../../lambdas/contracts/routing.ts';
import { evaluationResult } from '../../../lambdas/contracts/training-steps.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import type { FeatureColumns } from '../../../lambdas/domain/ports/served-models.ts';
import { evaluateChallenger } from '../../../lambdas/handlers/evaluate-challenger/handler.ts';
import { InMemoryObjectStore } from '../../builders/in-memory-object-store.ts';
import { tarGz } from '../../builders/model-archive.ts';
import {
  dataset,
  datasetId,
  evaluated,
  hashOf,
  manifestUri,
  noon,
  runId,
  trained,
  tumours,
} from '../../builders/training.ts';

const modelArchiveUri = `s3://artifacts/tumours/runs/${runId}/output/model.tar.gz`;
const artifactUri = `s3://artifacts/tumours/models/${runId}/`;
const championUri = 's3://artifacts/tumours/models/tumours-ffffffffffff';
const input = {
  project: 'tumours',
  runId,
  datasetId,
  manifestUri,
  modelArchiveUri,
  trainingJobStatus: 'Completed',
  trainingSecondaryStatus: 'Completed',
};

/** Held-out rows: half of them malignant, each radius naming its class. */
const testRows = Array.from({ length: 8 }, (_, row) => ({
  radius: row % 2 === 0 ? 20 : 10,
  clinic: row === 3 ? null : 'north',
  diagnosis: row % 2 === 0 ? 'malignant' : 'benign',
}));

/** A model's bytes are the probability that it gives to what it believes in: `0.9`; `-0.9` believes the contrary. */
async function loadModel(bytes: Uint8Array, { classes }: TrainedManifest) {
  const belief = Number(new TextDecoder().decode(bytes));
  return {
    async predict(columns: FeatureColumns, rows: number) {
      if (belief === 0) throw new Error('the graph has no node for this');
      const malignant = Array.from(
        { length: rows },
        (_, row) => (columns['radius']?.[row] === 20) === belief > 0,
      );
      const chance = Math.abs(belief);
      return {
        labels: malignant.map((is) => classes[is ? 0 : 1] ?? ''),
        probabilities: Float32Array.from(
          malignant.flatMap((is) => (is ? [chance, 1 - chance] : [1 - chance, chance])),
        ),
      };
    },
    dispose() {},
  };
}

interface Situation {
  challenger?: string;
  manifest?: Partial<TrainedManifest>;
  champion?: string;
  championManifest?: Partial<TrainedManifest>;
  rows?: typeof testRows;
  parts?: Parameters<typeof dataset>;
}

async function setUp(situation: Situation = {}) {
  const { challenger = '0.9', champion, rows = testRows, parts = [[60, 10, rows.length]] } = situation;
  const objects = new InMemoryObjectStore();
  objects.put(
    modelArchiveUri,
    await tarGz({
      'model.onnx': challenger,
      'manifest.json': JSON.stringify(trained(challenger, situation.manifest)),
    }),
  );
  const data = dataset(...parts);
  objects.put(manifestUri, JSON.stringify(data));
  for (const { parts: files } of data.entries) objects.put(files.test.uri, files.test.uri);
  let routing: RoutingTable | undefined;
  if (champion !== undefined) {
    objects.put(`${championUri}/model.onnx`, champion);
    objects.put(
      `${championUri}/manifest.json`,
      JSON.stringify(evaluated(trained(champion, situation.championManifest))),
    );
    routing = {
      project: 'tumours',
      revision: 1,
      champion: { version: 4, artifactUri: championUri },
      updatedAt: noon,
    };
  }
  const readColumns = vi.fn(async (_paths: string[], columns: string[]) =>
    Object.fromEntries(
      columns.map((name) => [name, rows.map((row) => row[name as keyof (typeof rows)[number]])]),
    ),
  );
  const evaluate = evaluateChallenger({
    objects,
    projects: { tumours: tumours() },
    routing: async () => routing,
    openArchive: (uri, folder) => openModelArchive(objects, uri, folder),
    readColumns,
    loadModel,
    artifactBucket: 'artifacts',
    now: () => noon,
  });
  return { objects, evaluate, readColumns };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('evaluate-challenger', () => {
  it('makes a candidate of a first model that keeps its bounds, and writes down what it was judged by', async () => {
    const { objects, evaluate } = await setUp();
    const result = evaluationResult.parse(await evaluate(input));
    expect(result).toMatchObject({ verdict: 'candidate', testRows: 8, artifactUri });
    expect(result.metrics.accuracy).toBe(1);
    expect(result.metrics.logLoss).toBeCloseTo(-Math.log(0.9), 6);
    expect(result).not.toHaveProperty('championMetrics');

    const text = async (name: string) =>
      new TextDecoder().decode(await objects.read(`${artifactUri}${name}`));
    expect(await text('model.onnx')).toBe('0.9');
    expect(modelManifest.parse(JSON.parse(await text('manifest.json')))).toEqual({
      ...trained('0.9'),
      evaluation: { testRows: 8, metrics: result.metrics, reasons: result.reasons, evaluatedAt: noon },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['0.9', '0.8', 'candidate'],
    ['0.8', '0.9', 'rejected'],
    ['0.9', '0.9', 'rejected'],
  ])('judges %s against a champion of %s on the same rows: %s', async (challenger, champion, verdict) => {
    const { evaluate } = await setUp({ challenger, champion });
    const result = await evaluate(input);
    expect(result.verdict).toBe(verdict);
    expect(result.championMetrics?.logLoss).toBeCloseTo(-Math.log(Number(champion)), 6);
  });

  it('rejects a first model that breaks a bound', async () => {
    const { evaluate } = await setUp({ challenger: '-0.9' });
    const result = await evaluate(input);
    expect(result).toMatchObject({ verdict: 'rejected', reasons: ['accuracy is 0, at least 0.5 wanted'] });
  });

  it('rejects without an evaluation when no row was held out', async () => {
    const { evaluate, objects } = await setUp({ parts: [[60, 10, 0]], champion: '0.8' });
    const result = await evaluate(input);
    expect(result).toMatchObject({ verdict: 'rejected', testRows: 0, metrics: {} });
    expect(result.reasons[0]).toBe('judged on 0 held-out rows, at least 4 wanted');
    expect(await objects.stat(`${artifactUri}manifest.json`)).toBeUndefined();
  });

  it('replaces a champion that cannot be compared any more, and says why', async () => {
    const { evaluate } = await setUp({
      champion: '0.99',
      championManifest: {
        inputs: [{ name: 'numbers', datatype: 'FP32', shape: [-1, 1], features: ['texture'] }],
      },
    });
    const result = await evaluate(input);
    expect(result.verdict).toBe('candidate');
    expect(result.reasons.at(-1)).toBe(
      'version 4 could not be compared: the champion asks for columns that the challenger was not trained with: texture',
    );
  });

  it('reads the latest uploads first, and no file without rows', async () => {
    const { evaluate, readColumns } = await setUp({
      parts: [
        [60, 10, 100_000],
        [5, 0, 0],
        [60, 10, 200_000],
      ],
    });
    await evaluate(input);
    const [paths, columns] = readColumns.mock.calls[0] ?? [];
    expect(paths).toHaveLength(1);
    expect(columns).toEqual(['radius', 'clinic', 'diagnosis']);
  });

  it.each<[string, Situation, string]>([
    [
      'predictions that are not finite',
      { challenger: 'NaN' },
      'logLoss of the new model is NaN on 8 held-out rows',
    ],
    [
      'a graph that cannot be run',
      { challenger: '0' },
      'the new model cannot be run: the graph has no node for this',
    ],
    [
      'the manifest of another run',
      { manifest: { runId: 'tumours-2' } },
      `says runId tumours-2, expected ${runId}`,
    ],
    [
      'features that the schema does not have',
      { manifest: { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1], features: ['colour'] }] } },
      "features that the project's schema does not have: colour",
    ],
    [
      'a champion that was changed',
      {
        champion: '0.8',
        championManifest: { model: { file: 'model.onnx', sha256: hashOf('0.7'), bytes: 3, opset: 21 } },
      },
      'the champion, version 4, was changed',
    ],
  ])('ends the run for %s', async (_case, situation, message) => {
    const { evaluate } = await setUp(situation);
    const evaluating = evaluate(input);
    await expect(evaluating).rejects.toThrow(PermanentError);
    await expect(evaluating).rejects.toThrow(message);
  });

  it.each([
    ['Stopped', 'MaxRuntimeExceeded', 'raise training.maximumRuntimeSeconds'],
    ['Stopped', 'MaxWaitTimeExceeded', 'raise training.maximumWaitSeconds'],
    ['Stopped', 'Stopped', 'somebody stopped it; ask for another run'],
    ['Failed', undefined, 'ended as Failed (no details given): only Completed gives a model'],
  ])('judges no model of a job that ended as %s (%s)', async (status, secondary, message) => {
    const { objects, evaluate } = await setUp();
    const evaluating = evaluate({
      ...input,
      trainingJobStatus: status,
      trainingSecondaryStatus: secondary,
    });
    await expect(evaluating).rejects.toThrow(PermanentError);
    await expect(evaluating).rejects.toThrow(`training job ${runId} ended as ${status}`);
    await expect(evaluating).rejects.toThrow(message);
    expect(await objects.stat(`${artifactUri}manifest.json`)).toBeUndefined();
  });

  it('ends the run when a held-out file is not the one that the dataset names', async () => {
    const { evaluate, objects } = await setUp();
    objects.put('s3://curated/tumours/parts/0/test.parquet', 'other rows');
    await expect(evaluate(input)).rejects.toThrow('but the dataset names');
  });
});
