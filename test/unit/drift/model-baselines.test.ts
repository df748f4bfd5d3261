import { describe, expect, it } from 'vitest';
import { ModelBaselines } from '../../../lambdas/adapters/model-baselines.ts';
import { baselineFor, manifestWith } from '../../builders/drift.ts';
import { InMemoryObjectStore } from '../../builders/in-memory-object-store.ts';

const artifact = 's3://artifacts/iris/models/run-1/';
const baseline = baselineFor({ length: [1, 2, 3] }, ['setosa', 'setosa', 'virginica']);

describe('baselines of model versions', () => {
  it('are read once, out of the manifest', async () => {
    const objects = new InMemoryObjectStore();
    objects.put(`${artifact}manifest.json`, manifestWith(baseline));
    const baselines = new ModelBaselines(objects);
    expect(await baselines.read(artifact)).toEqual(baseline);
    objects.remove(`${artifact}manifest.json`);
    expect(await baselines.read(artifact)).toEqual(baseline);
  });

  it.each([
    ['{', /manifest\.json is not JSON/],
    ['{}', /manifest\.json does not fit the model manifest/],
    [undefined, /manifest\.json does not exist/],
  ])('are refused for good where the manifest is %s', async (body, message) => {
    const objects = new InMemoryObjectStore();
    if (body !== undefined) objects.put(`${artifact}manifest.json`, body);
    await expect(new ModelBaselines(objects).read(artifact)).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(message) as string,
    });
  });
});
