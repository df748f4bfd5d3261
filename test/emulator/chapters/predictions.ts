import { expect, test } from 'vitest';
import type { Row } from '../../../cli/client/predictions.ts';
import { modelManifest, type ModelManifest } from '../../../lambdas/contracts/model-manifest.ts';
import { inferAnswer, modelMetadata, modelReady } from '../../../lambdas/contracts/open-inference.ts';
import { plainAnswer, type PlainAnswer } from '../../../lambdas/contracts/plain-rows.ts';
import { captureOf } from '../support/captures.ts';
import { bodyOf } from '../support/http.ts';
import { readObject } from '../support/objects.ts';
import { answersBy } from '../support/served-version.ts';
import { project, type World } from '../support/world.ts';

export function predictions(world: World): void {
  const { api, millrace, files } = world;
  let rows: Row[];
  let plain: PlainAnswer;

  test('the model is ready and describes itself', async () => {
    rows = await files.unlabelled('usual', 5);
    await answersBy(world, 1, rows);
    const ready = await api.get(`/v2/models/${project}/ready`);
    expect([ready.status, bodyOf(ready, modelReady)]).toEqual([200, { name: project, ready: true }]);
    const { inputs, outputs, versions } = bodyOf(await api.get(`/v2/models/${project}`), modelMetadata);
    const manifest = await manifestOfVersion1();
    expect(versions).toEqual(['1']);
    expect(inputs).toEqual(manifest.inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })));
    expect(outputs).toEqual(manifest.outputs);
  });

  test('plain rows get labels and probabilities, the version and an inference id', async () => {
    const answer = await api.post(`/models/${project}/predict`, { rows });
    expect(answer.status).toBe(200);
    plain = bodyOf(answer, plainAnswer);
    expect(plain).toMatchObject({ model: project, version: 1 });
    expect(plain.predictions).toHaveLength(rows.length);
    expect(answer.headers).toMatchObject({
      'millrace-model-version': '1',
      'millrace-inference-id': plain.inferenceId,
    });
  });

  test('the v2 protocol gives the same numbers, also by version', async () => {
    for (const path of [`/v2/models/${project}/infer`, `/v2/models/${project}/versions/1/infer`]) {
      const answer = await api.post(path, await inferRequestOf(rows));
      expect(answer.status, answer.body).toBe(200);
      const infer = bodyOf(answer, inferAnswer);
      expect(infer).toMatchObject({ model_name: project, model_version: '1', id: 'mine' });
      expect(infer.parameters.inference_id).not.toBe('');
      expect(rowsOf(infer, await manifestOfVersion1())).toEqual(plain.predictions);
    }
  });

  test('each prediction arrives on the capture stream by its inference id', async () => {
    const record = await captureOf(world, plain.inferenceId);
    expect(record).toMatchObject({
      project,
      version: 1,
      variant: 'champion',
      status: 200,
      rows: rows.length,
    });
    expect(record.features['mean_radius']).toEqual(rows.map((row) => row['mean_radius']));
    expect(record.predictions).toEqual(
      plain.predictions.map((prediction) => ('label' in prediction ? prediction.label : undefined)),
    );
  });

  async function manifestOfVersion1(): Promise<ModelManifest> {
    const table = await millrace.routing(project);
    const bytes = await readObject(world, `${table?.champion.artifactUri}manifest.json`);
    return modelManifest.parse(JSON.parse(bytes.toString('utf8')));
  }

  async function inferRequestOf(asked: readonly Row[]): Promise<object> {
    const { inputs } = await manifestOfVersion1();
    return {
      id: 'mine',
      inputs: inputs.map(({ name, datatype, features }) => ({
        name,
        datatype,
        shape: [asked.length, features.length],
        data: asked.flatMap((row) => features.map((feature) => row[feature])),
      })),
    };
  }
}

/** The tensors of an answer, row by row, in the words of the plain form. */
function rowsOf({ outputs }: ReturnType<typeof inferAnswer.parse>, { classes }: ModelManifest): unknown[] {
  const data = (name: string): (string | number)[] =>
    outputs.find((output) => output.name === name)?.data ?? [];
  // The plain form gives the seven digits that FP32 holds.
  const probabilities = data('probabilities').map((value) => Number(Number(value).toPrecision(7)));
  return data('label').map((label, row) => ({
    label,
    probabilities: Object.fromEntries(
      classes.map((name, j) => [name, probabilities[row * classes.length + j]]),
    ),
  }));
}
