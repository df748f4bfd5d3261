import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  inferenceError,
  modelMetadata,
  modelReady,
  serverLive,
  serverMetadata,
  serverReady,
} from '../../../lambdas/contracts/open-inference.ts';
import { ServingSetup } from '../../builders/serving-setup.ts';
import { makeTestGraphs, type TestGraph } from '../../builders/test-graphs.ts';

let graphs: Record<TestGraph, Uint8Array>;
let setup: ServingSetup;

beforeAll(() => {
  graphs = makeTestGraphs();
}, 60_000);

beforeEach(() => {
  setup = new ServingSetup(graphs);
});

const rows = { rows: [{ size: 1, colour: 'red' }] };

describe('the server', () => {
  it('says what it is, that it lives and that it is ready', async () => {
    expect(serverMetadata.parse((await setup.get('/v2')).json)).toMatchObject({
      name: 'millrace',
      extensions: [],
    });
    expect(serverLive.parse((await setup.get('/v2/health/live')).json)).toEqual({ live: true });
    expect(await setup.get('/v2/health/ready/')).toMatchObject({ status: 200, json: { ready: true } });
  });

  it('is not ready, and predicts with a 503, while the routing table cannot be read', async () => {
    setup = new ServingSetup(graphs, {
      routing: async () => {
        throw new Error('throttled');
      },
    });
    const { status, json } = await setup.get('/v2/health/ready');
    expect([status, serverReady.parse(json)]).toEqual([503, { ready: false }]);
    const answer = await setup.post('/models/stones/predict', rows);
    expect(answer.status).toBe(503);
    expect(JSON.stringify(answer.json)).not.toMatch(/throttled/);
  });

  it.each(['/', '/v2/models', '/v2/models/stones/infer/more', '/models/stones', '/%E0%A4%A'])(
    "answers 404 with a sentence for '%s'",
    async (path) => {
      const { status, json } = await setup.post(path, rows);
      expect(status).toBe(404);
      expect(inferenceError.parse(json).error).toMatch(/no such path/);
    },
  );

  it('answers 405 for a wrong method', async () => {
    expect(await setup.get('/v2/models/stones/infer')).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
    expect(await setup.post('/v2/models/stones', rows)).toMatchObject({
      status: 405,
      headers: { allow: 'GET' },
    });
  });

  it('answers 500 without a trace when something fails that should not', async () => {
    setup = new ServingSetup(graphs, {
      newId: () => {
        throw new Error('secret');
      },
    });
    const { status, json } = await setup.post('/models/stones/predict', rows);
    expect(status).toBe(500);
    expect(inferenceError.parse(json).error).not.toMatch(/secret/);
    expect(setup.reported).toHaveLength(1);
  });
});

describe('a model', () => {
  it.each(['pebbles', 'constructor', '__proto__'])(
    "that is called '%s' is unknown: 404 naming the known",
    async (name) => {
      const { status, json } = await setup.post(`/models/${name}/predict`, rows);
      expect(status).toBe(404);
      expect(inferenceError.parse(json).error).toBe(
        `there is no model '${name}': known are 'stones', 'rivers'`,
      );
    },
  );

  it('that was not trained yet is a 503 saying where to upload', async () => {
    for (const answer of [
      await setup.post('/models/stones/predict', rows),
      await setup.get('/v2/models/stones'),
      await setup.get('/v2/models/stones/ready'),
    ]) {
      expect(answer).toMatchObject({
        status: 503,
        json: { error: 'no model yet: upload data to s3://raw/stones/' },
      });
    }
  });

  it('tells its tensors and the versions that may be asked for', async () => {
    const [one, two] = [await setup.publishStones(1), await setup.publishStones(2)];
    setup.route('stones', { champion: one, challenger: { ...two, weightPercent: 99 } });
    for (const path of ['/v2/models/stones', '/v2/models/stones/versions/1']) {
      const { json, headers } = await setup.get(path);
      expect(headers['millrace-model-version']).toBe('1');
      expect(modelMetadata.parse(json)).toEqual({
        name: 'stones',
        versions: ['1', '2'],
        platform: 'onnx_onnxv1',
        inputs: [
          { name: 'size', datatype: 'FP32', shape: [-1, 1] },
          { name: 'colour', datatype: 'BYTES', shape: [-1, 1] },
        ],
        outputs: [
          { name: 'label', datatype: 'BYTES', shape: [-1] },
          { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
        ],
      });
    }
    expect((await setup.get('/v2/models/stones/versions/2')).headers['millrace-model-version']).toBe('2');
  });

  it('is ready when its champion is verified, and not before', async () => {
    const one = await setup.publishStones(1);
    setup.route('stones', { champion: one });
    const { status, json } = await setup.get('/v2/models/stones/versions/1/ready');
    expect([status, modelReady.parse(json)]).toEqual([200, { name: 'stones', ready: true }]);
    const fresh = new ServingSetup(graphs);
    fresh.route('stones', { champion: one });
    expect((await fresh.get('/v2/models/stones/ready')).status).toBe(503);
  });
});
