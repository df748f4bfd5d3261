import { expect, test } from 'vitest';
import { inferenceError, serverLive, serverReady } from '../../../lambdas/contracts/open-inference.ts';
import { retrainingDeclined } from '../../../lambdas/contracts/retraining-declined.ts';
import { bodyOf } from '../support/http.ts';
import { decision, project, type World } from '../support/world.ts';

export function beforeAnyModel(world: World): void {
  const { api, millrace, events } = world;

  test('the server is live and ready without a model, which the protocol asks for', async () => {
    const live = await api.get('/v2/health/live');
    expect([live.status, bodyOf(live, serverLive)]).toEqual([200, { live: true }]);
    const ready = await api.get('/v2/health/ready');
    expect([ready.status, bodyOf(ready, serverReady)]).toEqual([200, { ready: true }]);
  });

  test.each([
    ['plain rows', 'POST', `/models/${project}/predict`],
    ['the v2 protocol', 'POST', `/v2/models/${project}/infer`],
    ["the model's readiness", 'GET', `/v2/models/${project}/ready`],
    ["the model's metadata", 'GET', `/v2/models/${project}`],
  ])('%s: 503 and where to put data', async (_what, method, path) => {
    const answer = method === 'GET' ? await api.get(path) : await api.post(path, { rows: [{}] });
    expect(answer.status).toBe(503);
    expect(bodyOf(answer, inferenceError).error).toBe(
      `no model yet: upload data to s3://${millrace.outputs.data.RawBucketName}/${project}/`,
    );
  });

  test('a person who asks for a training is told that there is no data', async () => {
    await millrace.retrain(project, 'too early');
    const { answer, reasons, decisionId } = await decision(
      world,
      'too early',
      ({ cause }) => cause === 'person',
    );
    expect(answer).toBe('declined');
    expect(reasons).toEqual(['there is no data yet: upload a file to the project first']);
    const { detail } = await events.next(
      retrainingDeclined,
      (declined) => declined.decisionId === decisionId,
    );
    expect(detail.reasons).toEqual(reasons);
    expect(await millrace.runs(project)).toEqual([]);
  });

  test('nothing can be rolled back', async () => {
    expect(await millrace.rollBack({ project, reason: 'just trying' })).toEqual({
      rolledBack: false,
      message: `${project}: no model serves yet, so there is nothing to go back from`,
    });
  });
}
