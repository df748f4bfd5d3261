import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inferAnswer, inferenceError } from '../../../lambdas/contracts/open-inference.ts';
import { plainAnswer } from '../../../lambdas/contracts/plain-rows.ts';
import { predictionRecord } from '../../../lambdas/contracts/prediction-record.ts';
import { apiEvent, ServingSetup } from '../../builders/serving-setup.ts';
import { makeTestGraphs, type TestGraph } from '../../builders/test-graphs.ts';

let graphs: Record<TestGraph, Uint8Array>;
let setup: ServingSetup;

beforeAll(() => {
  graphs = makeTestGraphs();
}, 60_000);

beforeEach(async () => {
  setup = new ServingSetup(graphs);
  setup.route('stones', { champion: await setup.publishStones(1) });
  setup.route('rivers', { champion: await setup.publishRivers() });
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('the plain form', () => {
  it('answers each row with label and probabilities, in order, a null as missing', async () => {
    const { status, headers, json } = await setup.post('/models/stones/predict', {
      rows: [
        { size: -1, colour: 'blue' },
        { colour: 'red', size: null },
      ],
    });
    expect(status).toBe(200);
    const answer = plainAnswer.parse(json);
    expect(answer).toMatchObject({ model: 'stones', version: 1, inferenceId: 'inference-1' });
    expect(headers).toMatchObject({ 'millrace-model-version': '1', 'millrace-inference-id': 'inference-1' });
    expect(answer.predictions.map((one) => 'label' in one && one.label)).toEqual(['small', 'large']);
    const large = answer.predictions.map((one) => ('label' in one ? one.probabilities['large'] : undefined));
    expect(large[0]).toBeCloseTo(sigmoid(-1), 6);
    expect(large[1]).toBeCloseTo(sigmoid(2), 6);
  });

  it('answers a regression with values', async () => {
    const { json } = await setup.post('/models/rivers/predict', { rows: [{ rain: 1, snow: 1.2 }] });
    expect(plainAnswer.parse(json).predictions).toEqual([{ value: 1.2 }]);
  });

  it('takes a body in base64 and a named stage', async () => {
    const body = Buffer.from('{"rows":[{"size":1,"colour":"grün"}]}').toString('base64');
    const event = apiEvent('POST', '/live/models/stones/predict', body);
    event.isBase64Encoded = true;
    event.requestContext.stage = 'live';
    expect(await setup.handle(event)).toMatchObject({ statusCode: 200 });
  });

  it('captures columns, predictions and the version that answered', async () => {
    await setup.post('/models/stones/predict', { rows: [{ size: 3, colour: 'red' }] });
    expect(predictionRecord.parse(setup.captured[0])).toMatchObject({
      inferenceId: 'inference-1',
      project: 'stones',
      version: 1,
      variant: 'champion',
      status: 200,
      rows: 1,
      features: { size: [3], colour: ['red'] },
      predictions: ['large'],
    });
  });
});

describe('the Open Inference Protocol', () => {
  const inputs = [
    { name: 'colour', shape: [2], datatype: 'BYTES', data: ['blue', 'red'] },
    { name: 'size', shape: [2, 1], datatype: 'FP32', data: [[-1], [null]] },
  ];

  it('answers with the tensors of the graph, under the id of the caller and an inference id of its own', async () => {
    const { status, json } = await setup.post('/v2/models/stones/infer', {
      id: 'mine',
      inputs,
      parameters: { a: 1 },
    });
    expect(status).toBe(200);
    const answer = inferAnswer.parse(json);
    expect(answer).toMatchObject({
      model_name: 'stones',
      model_version: '1',
      id: 'mine',
      parameters: { inference_id: 'inference-1' },
    });
    const [label, probabilities] = answer.outputs;
    expect(label).toEqual({ name: 'label', datatype: 'BYTES', shape: [2], data: ['small', 'large'] });
    expect(probabilities).toMatchObject({ name: 'probabilities', datatype: 'FP32', shape: [2, 2] });
    expect(Number(probabilities?.data[1])).toBeCloseTo(sigmoid(-1), 6);
    expect(Number(probabilities?.data[3])).toBeCloseTo(sigmoid(2), 6);
  });

  it('gives only the outputs asked for, and its own id where the caller has none', async () => {
    const { json } = await setup.post('/v2/models/stones/infer', { inputs, outputs: [{ name: 'label' }] });
    const answer = inferAnswer.parse(json);
    expect(answer.id).toBe('inference-1');
    expect(answer.outputs.map(({ name }) => name)).toEqual(['label']);
  });

  it.each([
    ['flat', [1, 2, 3, 4]],
    [
      'nested',
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ])('takes %s data of a tensor with several features, row by row', async (_, data) => {
    const { json } = await setup.post('/v2/models/rivers/infer', {
      inputs: [{ name: 'x', shape: [2, 2], datatype: 'FP32', data }],
    });
    const [prediction] = inferAnswer.parse(json).outputs;
    expect(prediction).toMatchObject({ name: 'prediction', datatype: 'FP32', shape: [2, 1] });
    expect(Number(prediction?.data[0])).toBeCloseTo(2, 5);
    expect(Number(prediction?.data[1])).toBeCloseTo(Math.log(3) + 4, 5);
    expect(setup.captured[0]?.features).toEqual({ rain: [1, 3], snow: [2, 4] });
  });
});

describe('a request that is wrong', () => {
  const row = { size: 1, colour: 'red' };
  const size = { name: 'size', shape: [1, 1], datatype: 'FP32', data: [1] };
  const colour = { name: 'colour', shape: [1, 1], datatype: 'BYTES', data: ['red'] };
  const rows = (...list: unknown[]) => ['/models/stones/predict', { rows: list }] as const;
  const infer = (...inputs: unknown[]) => ['/v2/models/stones/infer', { inputs }] as const;

  it.each([
    ['broken JSON', ['/models/stones/predict', '{"rows":'], /not JSON/],
    ['nothing', ['/models/stones/predict', ''], /empty/],
    ['a list', ['/models/stones/predict', []], /the body is a list, expected a JSON object/],
    ['no rows member', ['/models/stones/predict', {}], /'rows' is nothing, expected a list/],
    ['a strange member', ['/models/stones/predict', { rows: [row], row: 1 }], /member 'row'/],
    ['no rows', rows(), /no rows/],
    ['too many rows', rows(...Array.from({ length: 1001 }, () => row)), /1001 rows, at most 1000/],
    ['a row that is no object', rows(row, 3), /row 2 is 3, expected an object/],
    ['a missing feature', rows(row, { size: 1 }), /row 2: feature 'colour' is missing/],
    ['a missing nullable feature', rows({ colour: 'red' }), /row 1: feature 'size' is missing; say null/],
    [
      'an unknown feature',
      rows({ ...row, weight: 1 }),
      /row 1: unknown feature 'weight', expected 'size', 'colour'/,
    ],
    [
      'a text for a number',
      rows(row, { ...row, size: '7' }),
      /row 2: feature 'size' is the text "7", expected a number/,
    ],
    ['a number for a text', rows({ ...row, colour: 7 }), /row 1: feature 'colour' is 7, expected a text/],
    [
      'an empty text',
      rows({ ...row, colour: '' }),
      /feature 'colour' is the text "", expected a text that is not empty/,
    ],
    ['a null where none may be', rows({ ...row, colour: null }), /feature 'colour' is null/],
    [
      'a number beyond FP32',
      rows({ ...row, size: 1e39 }),
      /feature 'size' is 1e\+39, expected a number that 32 bits/,
    ],
    [
      'a number beyond FP64',
      ['/models/stones/predict', '{"rows":[{"size":1e999,"colour":"red"}]}'],
      /is Infinity/,
    ],
    ['a list for a value', rows({ ...row, size: [1] }), /feature 'size' is a list/],
    ['no inputs', ['/v2/models/stones/infer', {}], /'inputs' is nothing, expected a list/],
    ['an input that is none', infer(4), /'inputs' holds 4/],
    ['a nameless input', infer({ ...size, name: 3 }), /name is 3/],
    [
      'a wrong name',
      infer(size, { ...colour, name: 'color' }),
      /no input 'color': it takes 'size' FP32 \[rows,1\]/,
    ],
    ['a missing input', infer(size), /input 'colour' is missing/],
    ['an input twice', infer(size, size, colour), /'size' comes twice/],
    [
      'a wrong datatype',
      infer({ ...size, datatype: 'FP64' }, colour),
      /'size': the datatype is the text "FP64", expected "FP32"/,
    ],
    [
      'a wrong shape',
      infer({ ...size, shape: [1, 2] }, colour),
      /'size': the shape is \[1,2\], expected \[rows,1\]/,
    ],
    ['no shape', infer({ ...size, shape: undefined }, colour), /the shape is nothing/],
    ['a fractional shape', infer({ ...size, shape: [0.5, 1] }, colour), /the shape is \[0.5,1\]/],
    ['too little data', infer({ ...size, shape: [2, 1] }, colour), /data has 1 values, expected 2/],
    ['no data', infer({ ...size, data: undefined }, colour), /'size': the data is nothing/],
    [
      'half nested data',
      infer({ ...size, shape: [2], data: [1, [2]] }, colour),
      /does not nest by rows of 1/,
    ],
    [
      'inputs of unlike rows',
      infer({ ...size, shape: [2], data: [1, 2] }, colour),
      /'colour' has 1 rows, and 'size' has 2/,
    ],
    ['no rows in the shape', infer({ ...size, shape: [0, 1], data: [] }, colour), /no rows/],
    ['too many rows in the shape', infer({ ...size, shape: [1001, 1] }, colour), /1001 rows, at most 1000/],
    [
      'a wrong value in a tensor',
      infer(size, { ...colour, data: [true] }),
      /input 'colour', row 1: feature 'colour' is true/,
    ],
    [
      'an unknown output',
      ['/v2/models/stones/infer', { inputs: [size, colour], outputs: [{ name: 'y' }] }],
      /no output 'y'/,
    ],
    [
      'outputs that are none',
      ['/v2/models/stones/infer', { inputs: [size, colour], outputs: 'label' }],
      /'outputs' is/,
    ],
    [
      'no outputs',
      ['/v2/models/stones/infer', { inputs: [size, colour], outputs: [] }],
      /'outputs' is empty/,
    ],
    ['an id that is no text', ['/v2/models/stones/infer', { id: 7, inputs: [size, colour] }], /'id' is 7/],
  ] as const)('gets a sentence for %s, and nothing is captured', async (_, [path, body], sentence) => {
    const { status, json, headers } = await setup.post(path, body);
    expect(status).toBe(400);
    expect(inferenceError.parse(json).error).toMatch(sentence);
    expect(headers['millrace-inference-id']).toBe('inference-1');
    expect(setup.captured).toEqual([]);
    expect(setup.reported).toEqual([]);
  });

  it('is refused for its size before it is parsed', async () => {
    const { status, json } = await setup.post(
      '/models/stones/predict',
      `{"rows":[${' '.repeat(4 * 1024 * 1024)}]}`,
    );
    expect(status).toBe(400);
    expect(inferenceError.parse(json).error).toMatch(/at most 4194304/);
  });

  it('is refused for bytes that are not UTF-8', async () => {
    const event = apiEvent(
      'POST',
      '/models/stones/predict',
      Buffer.from([0x7b, 0xff, 0x7d]).toString('base64'),
    );
    event.isBase64Encoded = true;
    const { statusCode, body } = await setup.handle(event);
    expect(statusCode).toBe(400);
    expect(body).toMatch(/not UTF-8/);
  });
});

describe('a model whose answer is no finite number', () => {
  it('is a 500 with a sentence, captured as an error', async () => {
    const { status, json } = await setup.post('/models/rivers/predict', {
      rows: [
        { rain: 1, snow: 0 },
        { rain: 0, snow: 0 },
      ],
    });
    expect(status).toBe(500);
    expect(inferenceError.parse(json).error).toMatch(/version 1 of 'rivers' failed: .* row 2 with -Infinity/);
    expect(setup.captured).toMatchObject([{ status: 500, version: 1, rows: 2, predictions: [] }]);
  });
});
