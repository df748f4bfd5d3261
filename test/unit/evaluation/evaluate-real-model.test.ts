import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { readColumns } from '../../../lambdas/adapters/duckdb-parquet-reader.ts';
import { loadOnnxModel } from '../../../lambdas/adapters/onnx-model.ts';
import { openModelArchive } from '../../../lambdas/adapters/tar-model-archive.ts';
import { defineProject } from '../../../lambdas/contracts/project-definition.ts';
import { evaluateChallenger } from '../../../lambdas/handlers/evaluate-challenger/handler.ts';
import { InMemoryObjectStore } from '../../builders/in-memory-object-store.ts';
import { tarGz } from '../../builders/model-archive.ts';
import { makeTestGraphs } from '../../builders/test-graphs.ts';
import {
  dataset,
  datasetId,
  evaluated,
  hashOf,
  manifestUri,
  noon,
  runId,
  trained,
} from '../../builders/training.ts';

/** The same rows as Parquet, which the graphs can be worked out on by hand. */
async function heldOutParquet(): Promise<Uint8Array> {
  const path = join(tmpdir(), `millrace-held-out-${process.pid}.parquet`);
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(
    `COPY (SELECT * FROM (VALUES (3.0, 'red', 'large'), (NULL, 'red', 'large'), (-2.0, 'blue', 'small'),
      (-5.0, NULL, 'small'), (1.5, 'blue', 'large')) AS rows(size, colour, kind)) TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  const bytes = await readFile(path);
  await rm(path);
  return bytes;
}

const graphInputs = {
  project: 'things',
  classes: ['small', 'large'],
  inputs: [
    { name: 'size', datatype: 'FP32' as const, shape: [-1, 1], features: ['size'] },
    { name: 'colour', datatype: 'BYTES' as const, shape: [-1, 1], features: ['colour'] },
  ],
};

it('scores real graphs on real Parquet', async () => {
  const { 'classification-1': challenger, 'classification-2': champion } = makeTestGraphs();
  const parquet = await heldOutParquet();
  const manifest = dataset([10, 0, 5]);
  const [entry] = manifest.entries;
  if (!entry) throw new Error('the dataset has no entry');
  entry.parts.test.sha256 = hashOf(parquet);

  const objects = new InMemoryObjectStore();
  objects.put(entry.parts.test.uri, parquet);
  objects.put(manifestUri, JSON.stringify({ ...manifest, project: 'things' }));
  const modelArchiveUri = 's3://artifacts/model.tar.gz';
  objects.put(
    modelArchiveUri,
    await tarGz({
      'model.onnx': challenger,
      'manifest.json': JSON.stringify(trained(challenger, graphInputs)),
    }),
  );
  const championUri = 's3://artifacts/champion/';
  objects.put(`${championUri}model.onnx`, champion);
  objects.put(`${championUri}manifest.json`, JSON.stringify(evaluated(trained(champion, graphInputs))));

  const evaluate = evaluateChallenger({
    objects,
    projects: {
      things: defineProject({
        name: 'things',
        description: 'Small or large.',
        schema: {
          features: {
            size: { type: 'number', nullable: true },
            colour: { type: 'category', nullable: true },
          },
          target: { column: 'kind', type: 'category', values: ['small', 'large'] },
        },
        gate: { primaryMetric: 'logLoss', minimumTestRows: 5 },
      }),
    },
    routing: async () => ({
      project: 'things',
      revision: 1,
      champion: { version: 1, artifactUri: championUri },
      updatedAt: noon,
    }),
    openArchive: (uri, folder) => openModelArchive(objects, uri, folder),
    readColumns,
    loadModel: loadOnnxModel,
    artifactBucket: 'artifacts',
    now: () => noon,
  });
  const result = await evaluate({
    project: 'things',
    runId,
    datasetId,
    manifestUri,
    modelArchiveUri,
    trainingJobStatus: 'Completed',
  });

  // Scores of version 1: 5, 2, -2, -5, 1.5; version 2 scores one less. The positive class is 'large'.
  const logLoss = (scores: number[]) =>
    scores.reduce(
      (sum, score, row) => sum + Math.log1p(Math.exp([0, 1, 4].includes(row) ? -score : score)),
      0,
    ) / 5;
  expect(result.metrics.logLoss).toBeCloseTo(logLoss([5, 2, -2, -5, 1.5]), 6);
  expect(result.championMetrics?.logLoss).toBeCloseTo(logLoss([4, 1, -3, -6, 0.5]), 6);
  expect(result.metrics).toMatchObject({ accuracy: 1, rocAuc: 1 });
  expect(result.verdict).toBe('candidate');
});
