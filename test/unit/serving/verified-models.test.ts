import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VerifiedModels } from '../../../lambdas/adapters/verified-models.ts';
import type { RouteTarget } from '../../../lambdas/contracts/routing.ts';
import { InMemoryObjectStore } from '../../builders/in-memory-object-store.ts';
import { LocalSigner } from '../../builders/local-signer.ts';
import { artifactBucket, publishModel, stonesManifest } from '../../builders/served-model.ts';
import { makeTestGraphs, type TestGraph } from '../../builders/test-graphs.ts';

class CountingStore extends InMemoryObjectStore {
  readonly reads: string[] = [];

  override async read(uri: string, versionId?: string): Promise<Uint8Array> {
    this.reads.push(uri);
    return super.read(uri, versionId);
  }

  /** How often this version's graph was fetched. */
  fetched({ artifactUri }: RouteTarget): number {
    return this.reads.filter((uri) => uri === `${artifactUri}/model.onnx`).length;
  }
}

let graphs: Record<TestGraph, Uint8Array>;
let store: CountingStore;
let signer: LocalSigner;
let keyFetches: number;
let now: number;
let models: VerifiedModels;

beforeAll(() => {
  graphs = makeTestGraphs();
}, 60_000);

beforeEach(() => {
  [store, signer, keyFetches, now] = [new CountingStore(), new LocalSigner(), 0, 0];
  models = new VerifiedModels({
    objects: store,
    bucket: artifactBucket,
    publicKey: async () => {
      keyFetches += 1;
      return signer.publicKey;
    },
    clock: () => now,
    onDisposeFailure: (error) => {
      throw error;
    },
    capacity: 2,
  });
});

const publish = (version: number): Promise<RouteTarget> => {
  const graph = graphs['classification-1'];
  return publishModel(store, signer, version, graph, stonesManifest(graph, `run-${version}`));
};
const touch = async (target: RouteTarget): Promise<void> =>
  (await models.acquire('stones', target)).release();
const row = { size: [1], colour: ['red'] };

describe('models in memory', () => {
  it('are loaded once, however many ask at once', async () => {
    const one = await publish(1);
    const leases = await Promise.all([1, 2, 3].map(() => models.acquire('stones', one)));
    for (const lease of leases) lease.release();
    await touch(one);
    expect(store.fetched(one)).toBe(1);
  });

  it('stay by latest use, up to the capacity', async () => {
    const [one, two, three] = [await publish(1), await publish(2), await publish(3)];
    await touch(one);
    await touch(two);
    await touch(one);
    await touch(three);
    await touch(one);
    expect(store.fetched(one)).toBe(1);
    await touch(two);
    expect(store.fetched(two)).toBe(2);
  });

  it('are not freed while somebody holds them', async () => {
    const [one, two, three] = [await publish(1), await publish(2), await publish(3)];
    const held = await models.acquire('stones', one);
    const alsoHeld = await models.acquire('stones', one);
    await touch(two);
    await touch(three);
    alsoHeld.release();
    alsoHeld.release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await held.predict(row, 1)).toMatchObject({ labels: ['large'] });
    held.release();
    await new Promise((resolve) => setImmediate(resolve));
    await expect(held.predict(row, 1)).rejects.toThrow();
  });

  it('are fetched again only after a while when they failed', async () => {
    const one = await publish(1);
    const signature = await store.read(`${one.artifactUri}/signature.dsse.json`);
    store.put(`${one.artifactUri}/signature.dsse.json`, '{}');
    for (const time of [0, 1000, 4999]) {
      now = time;
      await expect(models.acquire('stones', one)).rejects.toThrow(
        /signature\.dsse\.json does not fit its contract/,
      );
    }
    expect(store.fetched(one)).toBe(1);
    store.put(`${one.artifactUri}/signature.dsse.json`, signature);
    now = 5000;
    await touch(one);
  });

  it('say which version failed and why', async () => {
    const one = await publish(1);
    store.put(`${one.artifactUri}/model.onnx`, 'another');
    await expect(models.acquire('stones', one)).rejects.toThrow(
      /version 1 of 'stones' at s3:\/\/artifacts\/stones\/v1\/run-1: model\.onnx was changed after it was signed/,
    );
    expect(keyFetches).toBe(1);
  });

  it('are refused in the place of another run, however validly they are signed', async () => {
    const [older, newer] = [await publish(1), await publish(2)];
    for (const file of ['model.onnx', 'manifest.json', 'signature.dsse.json']) {
      store.put(`${newer.artifactUri}/${file}`, await store.read(`${older.artifactUri}/${file}`));
    }
    await expect(models.acquire('stones', newer)).rejects.toThrow(
      /the signature is for run 'run-1', but the files lie under run 'run-2'/,
    );
    await touch(older);
  });

  it('are warmed up on their baseline, and refused when they fail on it', async () => {
    const graph = graphs.mixed;
    const numbers = {
      kind: 'number',
      edges: [],
      counts: [1],
      missing: 0,
      mean: 1.5,
      standardDeviation: 1,
    } as const;
    const manifest = {
      ...stonesManifest(graph, 'run'),
      task: 'regression' as const,
      classes: [],
      inputs: [
        { name: 'a', datatype: 'FP64' as const, shape: [-1, 1], features: ['a'] },
        { name: 'n', datatype: 'INT64' as const, shape: [-1, 1], features: ['n'] },
        { name: 'm', datatype: 'INT32' as const, shape: [-1, 1], features: ['m'] },
        { name: 'b', datatype: 'BOOL' as const, shape: [-1, 1], features: ['b'] },
        { name: 'c', datatype: 'BYTES' as const, shape: [-1, 2], features: ['c', 'd'] },
      ],
    };
    const baseline = { ...manifest.baseline, features: { n: { ...numbers, edges: [], counts: [1] } } };
    const good = await publishModel(store, signer, 1, graph, { ...manifest, baseline });
    await touch(good);
    const huge = { ...baseline, features: { n: { ...numbers, edges: [], counts: [1], mean: 1e300 } } };
    const bad = await publishModel(store, signer, 2, graph, { ...manifest, baseline: huge });
    await expect(models.acquire('stones', bad)).rejects.toThrow(/fails on its own baseline/);
  });
});
