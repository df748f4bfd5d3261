import { beforeAll, describe, expect, it } from 'vitest';
import { loadOnnxModel, type GraphSignature } from '../../../lambdas/adapters/onnx-model.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import { riversManifest, stonesManifest } from '../../builders/served-model.ts';
import { makeTestGraphs, type TestGraph } from '../../builders/test-graphs.ts';

let graphs: Record<TestGraph, Uint8Array>;

beforeAll(() => {
  graphs = makeTestGraphs();
}, 60_000);

const mixed: GraphSignature = {
  task: 'regression',
  classes: [],
  inputs: [
    { name: 'a', datatype: 'FP64', shape: [-1, 1], features: ['a'] },
    { name: 'n', datatype: 'INT64', shape: [-1, 1], features: ['n'] },
    { name: 'm', datatype: 'INT32', shape: [-1, 1], features: ['m'] },
    { name: 'b', datatype: 'BOOL', shape: [-1, 1], features: ['b'] },
    { name: 'c', datatype: 'BYTES', shape: [-1, 2], features: ['c', 'd'] },
  ],
};

describe('a graph', () => {
  it('takes every type of tensor, each filled from its features', async () => {
    const model = await loadOnnxModel(graphs.mixed, mixed);
    const columns = {
      a: [0.5, 1.5],
      n: [10, -20],
      m: [100, 200],
      b: [true, false],
      c: ['x', null],
      d: ['y', 'z'],
    };
    expect(await model.predict(columns, 2)).toEqual({ values: Float64Array.of(111.5, 181.5) });
    await model.dispose();
  });

  it('interleaves the features of one tensor row by row, and gives null as NaN', async () => {
    const model = await loadOnnxModel(graphs.regression, riversManifest(graphs.regression, 'run'));
    const output = await model.predict({ rain: [1, 1, 1], snow: [5, 6, null] }, 3);
    expect(output).toEqual({ values: Float64Array.of(5, 6, NaN) });
    await model.dispose();
  });

  it('gives labels, and probabilities row by row in the order of the classes', async () => {
    const model = await loadOnnxModel(
      graphs['classification-2'],
      stonesManifest(graphs['classification-2'], 'run'),
    );
    const output = await model.predict({ size: [1, 3, null], colour: ['blue', 'blue', null] }, 3);
    if (!('labels' in output)) throw new Error('expected labels');
    expect(output.labels).toEqual(['small', 'large', 'small']);
    expect([...output.probabilities].map((p) => Math.round(p * 1000))).toEqual([
      500, 500, 119, 881, 731, 269,
    ]);
    await model.dispose();
  });

  it('runs when its bytes are a part of a larger buffer', async () => {
    const large = new Uint8Array(graphs.mixed.length + 100);
    large.set(graphs.mixed, 50);
    const model = await loadOnnxModel(large.subarray(50, 50 + graphs.mixed.length), mixed);
    await model.dispose();
  });

  it('refuses columns that are missing, too short, or of another kind', async () => {
    const model = await loadOnnxModel(graphs.regression, riversManifest(graphs.regression, 'run'));
    await expect(model.predict({ rain: [1] }, 1)).rejects.toThrow(/feature 'snow' has no values, expected 1/);
    await expect(model.predict({ rain: [1, 2], snow: [1] }, 2)).rejects.toThrow(
      /'snow' has 1 values, expected 2/,
    );
    await expect(model.predict({ rain: ['1'], snow: [1] }, 1)).rejects.toThrow(/input 'x' was given "1"/);
    await model.dispose();
  });

  it.each<[string, TestGraph, GraphSignature, RegExp]>([
    [
      'an input it has not',
      'mixed',
      {
        ...mixed,
        inputs: [...mixed.inputs, { name: 'z', datatype: 'FP32', shape: [-1, 1], features: ['z'] }],
      },
      /has no input 'z'/,
    ],
    [
      'too few inputs',
      'mixed',
      { ...mixed, inputs: mixed.inputs.slice(1) },
      /has an input 'a' that the manifest does not know/,
    ],
    [
      'another width',
      'mixed',
      {
        ...mixed,
        inputs: mixed.inputs.map((input) =>
          input.name === 'c' ? { ...input, features: ['c', 'd', 'e'] } : input,
        ),
      },
      /input 'c' is string \[batch,2\], expected string \[batch,3\]/,
    ],
    [
      'another task',
      'mixed',
      { ...mixed, task: 'classification', classes: ['x', 'y'] },
      /has no output 'label'/,
    ],
  ])('is refused when its manifest names %s', async (_, graph, signature, sentence) => {
    await expect(loadOnnxModel(graphs[graph], signature)).rejects.toThrow(sentence);
  });

  it('is refused when its classes are of another number', async () => {
    const bytes = graphs['classification-1'];
    const signature = { ...stonesManifest(bytes, 'run'), classes: ['a', 'b', 'c'] };
    await expect(loadOnnxModel(bytes, signature)).rejects.toThrow(
      /output 'probabilities' is float32 \[batch,2\], expected float32 \[batch,3\]/,
    );
  });

  it('is refused for good when it is no graph', async () => {
    await expect(loadOnnxModel(Buffer.from('no graph'), mixed)).rejects.toThrow(PermanentError);
  });
});
