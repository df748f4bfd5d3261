import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inferenceError } from '../../../lambdas/contracts/open-inference.ts';
import { plainAnswer } from '../../../lambdas/contracts/plain-rows.ts';
import type { RouteTarget } from '../../../lambdas/contracts/routing.ts';
import type { ModelOutput } from '../../../lambdas/domain/ports/served-models.ts';
import { LocalSigner } from '../../builders/local-signer.ts';
import { artifactBucket, publishModel, stonesManifest } from '../../builders/served-model.ts';
import { ServingSetup } from '../../builders/serving-setup.ts';
import { makeTestGraphs, type TestGraph } from '../../builders/test-graphs.ts';

const rows = { rows: [{ size: 1, colour: 'red' }] };
const files = ['model.onnx', 'manifest.json', 'signature.dsse.json'];

let graphs: Record<TestGraph, Uint8Array>;
let setup: ServingSetup;
let one: RouteTarget;
let two: RouteTarget;

beforeAll(() => {
  graphs = makeTestGraphs();
}, 60_000);

beforeEach(async () => {
  setup = new ServingSetup(graphs);
  one = await setup.publishStones(1);
  two = await setup.publishStones(2);
});

async function versionAnswering(headers: Record<string, string> = {}): Promise<number> {
  const { json } = await setup.post('/models/stones/predict', rows, headers);
  return plainAnswer.parse(json).version;
}

describe('traffic between champion and challenger', () => {
  it('is shared by weight', async () => {
    setup.route('stones', { champion: one, challenger: { ...two, weightPercent: 30 } });
    const versions: number[] = [];
    for (let i = 0; i < 1000; i++) versions.push(await versionAnswering());
    const share = versions.filter((version) => version === 2).length / 1000;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);
    expect(setup.captured.filter(({ variant }) => variant === 'challenger')).toHaveLength(share * 1000);
  });

  it('does not touch a challenger of no weight', async () => {
    setup.route('stones', { champion: one, challenger: { ...two, weightPercent: 0 } });
    await setup.tamper(`${two.artifactUri}/model.onnx`);
    for (let i = 0; i < 20; i++) expect(await versionAnswering()).toBe(1);
    expect(setup.reported).toEqual([]);
  });

  it('keeps a session with its version, and with the challenger while the weight rises', async () => {
    const sessions = Array.from({ length: 60 }, (_, i) => `session-${i}`);
    const versionsAt = async (weightPercent: number): Promise<number[]> => {
      setup.route('stones', { champion: one, challenger: { ...two, weightPercent } });
      const versions: number[] = [];
      for (const session of sessions) versions.push(await versionAnswering({ 'millrace-session': session }));
      return versions;
    };
    const first = await versionsAt(30);
    expect(new Set(first)).toEqual(new Set([1, 2]));
    expect(await versionsAt(30)).toEqual(first);
    const later = await versionsAt(60);
    expect(first.every((version, i) => version === 1 || later[i] === 2)).toBe(true);
  });
});

describe('a version asked for by number', () => {
  it('answers when it is champion, challenger or previous, captured as pinned', async () => {
    setup.route('stones', { champion: two, previous: one });
    for (const version of [1, 2]) {
      const { json } = await setup.post(`/v2/models/stones/versions/${version}/infer`, {
        inputs: [
          { name: 'size', shape: [1], datatype: 'FP32', data: [1] },
          { name: 'colour', shape: [1], datatype: 'BYTES', data: ['red'] },
        ],
      });
      expect(json).toMatchObject({ model_version: String(version) });
    }
    expect(setup.captured).toMatchObject([
      { version: 1, variant: 'pinned' },
      { version: 2, variant: 'pinned' },
    ]);
  });

  it.each(['3', '01', 'latest', '%32x'])("is a 404 naming those available for '%s'", async (version) => {
    setup.route('stones', { champion: one, challenger: { ...two, weightPercent: 10 } });
    const { status, json } = await setup.post(`/models/stones/versions/${version}/predict`, rows);
    expect(status).toBe(404);
    expect(inferenceError.parse(json).error).toMatch(/is not served: available are 1, 2$/);
  });

  it('is a 503 when it cannot be verified: no other version answers in its name', async () => {
    setup.route('stones', { champion: one, challenger: { ...two, weightPercent: 10 } });
    await setup.tamper(`${two.artifactUri}/model.onnx`);
    const { status } = await setup.post('/models/stones/versions/2/predict', rows);
    expect(status).toBe(503);
    expect(setup.captured).toMatchObject([{ version: 2, variant: 'pinned', status: 500, rows: 0 }]);
  });
});

describe('a challenger that cannot be verified', () => {
  it('costs nobody an answer, and is captured as its error', async () => {
    setup.route('stones', { champion: one, challenger: { ...two, weightPercent: 99 } });
    await setup.tamper(`${two.artifactUri}/model.onnx`);
    const versions: number[] = [];
    for (let i = 0; i < 20; i++) versions.push(await versionAnswering());
    expect(new Set(versions)).toEqual(new Set([1]));
    const failures = setup.captured.filter(({ version }) => version === 2);
    expect(failures.length).toBeGreaterThan(15);
    expect(failures[0]).toMatchObject({
      variant: 'challenger',
      status: 500,
      rows: 0,
      features: {},
      predictions: [],
    });
    expect(setup.captured.filter(({ version }) => version === 1)).toHaveLength(20);
    expect(String(setup.reported[0]?.details['error'])).toMatch(
      /version 2 of 'stones' .*changed after it was signed/,
    );
  });
});

describe('a challenger that fails as it computes', () => {
  it.each<[string, () => Promise<ModelOutput>]>([
    ['throws', () => Promise.reject(new Error('out of memory'))],
    ['gives no finite number', async () => ({ labels: ['large'], probabilities: Float32Array.of(NaN, 1) })],
  ])('and %s leaves the answer to the champion, and is captured', async (_, predict) => {
    const { models } = setup;
    const failing = new ServingSetup(graphs, {
      routing: async () => setup.routing.get('stones'),
      models: {
        async acquire(project, target) {
          const lease = await models.acquire(project, target);
          return target.version === 2 ? { ...lease, predict } : lease;
        },
      },
    });
    setup.route('stones', { champion: one, challenger: { ...two, weightPercent: 99 } });
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map(() => failing.post('/models/stones/predict', rows)),
    );
    expect(answers.map(({ status, json }) => [status, plainAnswer.parse(json).version])).toEqual(
      Array.from({ length: 5 }, () => [200, 1]),
    );
    const failure = failing.captured.find(({ version }) => version === 2);
    expect(failure).toMatchObject({ variant: 'challenger', status: 500, rows: 1, predictions: [] });
    const pinned = await failing.post('/models/stones/versions/2/predict', rows);
    expect(pinned.status).toBe(500);
    expect(inferenceError.parse(pinned.json).error).not.toMatch(/out of memory/);
  });
});

describe('a champion that cannot be verified', () => {
  it.each(files)('leaves the last verified one serving, when one byte of %s was changed', async (file) => {
    setup.route('stones', { champion: one });
    expect(await versionAnswering()).toBe(1);
    await setup.tamper(`${two.artifactUri}/${file}`);
    setup.route('stones', { champion: two });
    expect(await versionAnswering()).toBe(1);
    expect(setup.captured.filter(({ version }) => version === 2)).toMatchObject([{ status: 500, rows: 0 }]);
  });

  it('leaves its predecessor serving, in a function that has just started', async () => {
    await setup.tamper(`${two.artifactUri}/model.onnx`);
    setup.route('stones', { champion: two, previous: one });
    expect(await versionAnswering()).toBe(1);
  });

  it('is a 503 with a sentence when there is no other', async () => {
    await setup.tamper(`${one.artifactUri}/model.onnx`);
    setup.route('stones', { champion: one });
    const { status, json } = await setup.post('/models/stones/predict', rows);
    expect(status).toBe(503);
    expect(inferenceError.parse(json).error).toMatch(/no version of 'stones'/);
  });

  it('serves once it was mended and its failure is forgotten', async () => {
    const graph = await setup.store.read(`${one.artifactUri}/model.onnx`);
    await setup.tamper(`${one.artifactUri}/model.onnx`);
    setup.route('stones', { champion: one });
    expect((await setup.post('/models/stones/predict', rows)).status).toBe(503);
    setup.store.put(`${one.artifactUri}/model.onnx`, graph);
    setup.clock = 4999;
    expect((await setup.post('/models/stones/predict', rows)).status).toBe(503);
    setup.clock = 5000;
    expect((await setup.post('/models/stones/predict', rows)).status).toBe(200);
  });
});

describe('a model that is not what it says', () => {
  const graph = () => graphs['classification-1'];
  const publish = (change: Partial<ReturnType<typeof stonesManifest>>, signer = setup.signer) =>
    publishModel(setup.store, signer, 1, graph(), { ...stonesManifest(graph(), 'run-1'), ...change });
  const reason = async (target: RouteTarget): Promise<string> => {
    setup.route('stones', { champion: target });
    expect((await setup.post('/models/stones/predict', rows)).status).toBe(503);
    return String(setup.reported[0]?.details['error']);
  };

  it('is refused when another key signed it', async () => {
    expect(await reason(await publish({}, new LocalSigner()))).toMatch(
      /no signature in the envelope was made by/,
    );
  });

  it('is refused when it was signed for another project', async () => {
    const other = await publish({ project: 'pebbles' });
    expect(await reason(other)).toMatch(/signature is for project 'pebbles', expected 'stones'/);
  });

  it('is refused when its manifest speaks of another graph', async () => {
    const model = { ...stonesManifest(graph(), 'run-1').model, sha256: '0'.repeat(64) };
    expect(await reason(await publish({ model }))).toMatch(/model\.onnx was changed after it was signed/);
  });

  it('is refused when its manifest has other inputs than its graph', async () => {
    const inputs = [
      { name: 'size', datatype: 'FP64' as const, shape: [-1, 1], features: ['size'] },
      { name: 'colour', datatype: 'BYTES' as const, shape: [-1, 1], features: ['colour'] },
    ];
    expect(await reason(await publish({ inputs }))).toMatch(
      /input 'size' is float32 \[batch,1\], expected float64/,
    );
  });

  it('is refused outside the artifact bucket', async () => {
    await publish({});
    const target = { version: 1, artifactUri: `s3://elsewhere/models/stones/1` };
    expect(await reason(target)).toMatch(new RegExp(`outside the artifact bucket '${artifactBucket}'`));
  });

  it('is refused when a file is missing', async () => {
    const target = await publish({});
    setup.store.remove(`${target.artifactUri}/signature.dsse.json`);
    expect(await reason(target)).toMatch(/signature\.dsse\.json does not exist/);
  });
});
