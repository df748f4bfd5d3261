import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbMonitors } from '../../../lambdas/adapters/dynamodb-monitors.ts';
import { DynamoDbRouting } from '../../../lambdas/adapters/dynamodb-routing.ts';
import { monitorKeys } from '../../../lambdas/contracts/monitor-records.ts';
import { latencyEdgesMs, type RolloutState } from '../../../lambdas/contracts/rollout-steps.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import type { Records } from '../../../lambdas/domain/ports/records.ts';
import { bucketOf } from '../../../lambdas/domain/rollout/counters.ts';
import { advanceRollout } from '../../../lambdas/handlers/advance-rollout/handler.ts';
import { FailingRecords } from '../../builders/failing-records.ts';
import { InMemoryRecords } from '../../builders/in-memory-records.ts';
import { project, routingRow } from '../../builders/watched-stream.ts';

let routing: InMemoryRecords;
let monitors: InMemoryRecords;
let clock: number;

beforeEach(() => {
  routing = new InMemoryRecords();
  monitors = new InMemoryRecords();
  clock = Date.parse('2026-11-21T01:58:00.000Z');
});

const now = () => new Date(clock).toISOString();

function machine(records: Records = routing, steps = [10, 50]) {
  return advanceRollout({
    projects: { iris: project('iris', { rollout: { steps, bakeMinutes: 5 } }) },
    routing: new DynamoDbRouting(records),
    monitors: new DynamoDbMonitors(monitors),
    now,
    timeScale: 0.02,
  });
}

const input = (version = 2) => ({
  project: 'iris',
  version,
  artifactUri: `s3://artifacts/iris/models/run-${version}/`,
});

function serve(version: number, requests: number, errors = 0, shard = 'shardId-0'): void {
  monitors.seed({
    project: 'iris',
    record: monitorKeys.variant(version, bucketOf(now()), shard),
    version,
    requests,
    errors,
    latencyCounts: [...latencyEdgesMs.map((edge) => (edge === 4 ? requests : 0)), 0],
  });
}

const champion1 = () => routing.seed({ ...routingRow('iris'), record: 'routing' });
const row = () => new DynamoDbRouting(routing).read('iris');
const announced = () => routing.announced.map(({ detailType }) => detailType);

/** The machine's wait, with traffic meanwhile. */
function bake(state: RolloutState, challenger: number, errors = 0): void {
  clock += state.waitSeconds * 1000;
  serve(1, 100);
  serve(2, challenger, errors);
}

describe('advancing a rollout', () => {
  it('promotes the first model at once', async () => {
    expect(await machine()(input(1))).toMatchObject({
      next: 'promoted',
      waitSeconds: 0,
      step: 0,
      reasons: [
        'version 1 was approved',
        'the first model of the project: there is no champion to compare it with',
      ],
    });
    expect(await row()).toMatchObject({ revision: 1, champion: { version: 1 } });
    expect(announced()).toEqual(['ModelVersionPromoted.v1']);
  });

  it('takes a version from nothing to everything, step by step', async () => {
    champion1();
    const first = await machine()(input());
    expect(first).toMatchObject({ step: 1, bakes: 0, next: 'bake', waitSeconds: 6, stepStartedAt: now() });
    expect((await row())?.challenger).toMatchObject({ version: 2, weightPercent: 10 });
    bake(first, 40);
    const second = await machine()(first);
    expect(second).toMatchObject({ step: 2, next: 'bake', stepStartedAt: now() });
    expect((await row())?.challenger).toMatchObject({ version: 2, weightPercent: 50 });
    bake(second, 40);
    expect(await machine()(second)).toMatchObject({ next: 'promoted', waitSeconds: 0 });
    expect(await row()).toMatchObject({ revision: 4, champion: { version: 2 }, previous: { version: 1 } });
    expect((await row())?.challenger).toBeUndefined();
    expect(announced()).toEqual(['RolloutAdvanced.v1', 'RolloutAdvanced.v1', 'ModelVersionPromoted.v1']);
    expect(routing.announced[1]?.detail).toMatchObject({ version: 2, champion: 1, weightPercent: 50 });
  });

  it('rolls a failing version back', async () => {
    champion1();
    const first = await machine()(input());
    bake(first, 40, 10);
    expect(await machine()(first)).toMatchObject({
      next: 'rolled-back',
      reasons: ["10 of the challenger's 40 requests failed, 0 of the champion's 100; at most 1.0 % may"],
    });
    expect(await row()).toMatchObject({ champion: { version: 1 } });
    expect((await row())?.challenger).toBeUndefined();
    expect(routing.announced.at(-1)).toMatchObject({
      detailType: 'ModelVersionRolledBack.v1',
      detail: { version: 2, champion: 1, by: 'verdict' },
    });
  });

  it('bakes again without enough requests, three times, and says by how few it judged', async () => {
    champion1();
    let state = await machine()(input());
    for (const bakes of [1, 2, 3]) {
      clock += state.waitSeconds * 1000;
      state = await machine()(state);
      expect(state).toMatchObject({ step: 1, bakes, next: 'bake' });
    }
    clock += state.waitSeconds * 1000;
    expect(await machine()(state)).toMatchObject({ step: 2, bakes: 0 });
    expect(routing.announced.at(-1)).toMatchObject({
      detail: { reasons: [expect.stringContaining('only 0 requests'), expect.anything()] },
    });
  });

  it("counts what was answered since the step began, over shards and an hour's end, and nothing before", async () => {
    champion1();
    serve(2, 1000, 1000);
    clock += 60_000;
    let state = await machine()(input());
    for (let i = 0; i < 3; i += 1) {
      clock += 10 * 60_000;
      serve(1, 10);
      serve(2, 3);
      serve(2, 3, 0, 'shardId-1');
      if (i < 2) state = await machine()(state);
    }
    // 18 requests since: not enough, were it not for four more in the next bucket.
    expect((await machine()({ ...state, bakes: 0 })).reasons[0]).toContain('only 18 requests');
    clock += 10_000;
    serve(2, 4);
    expect(await machine()(state)).toMatchObject({ step: 2 });
  });

  it.each(['before', 'after'] as const)(
    'takes each step once when it dies %s a commit and is called again',
    async (when) => {
      champion1();
      let state: RolloutState | undefined;
      const weights: (number | undefined)[] = [];
      while (state?.next !== 'promoted') {
        if (state) bake(state, 40);
        const failing = new FailingRecords(routing);
        failing.failNextCommit = when;
        await expect(machine(failing)(state ?? input())).rejects.toThrow('the function died');
        clock += 1000;
        state = await machine()(state ?? input());
        weights.push((await row())?.challenger?.weightPercent);
      }
      expect(weights).toEqual([10, 50, undefined]);
      expect(routing.announced).toHaveLength(3);
    },
  );

  it('answers a repeated call for a past step with the present one', async () => {
    champion1();
    const first = await machine()(input());
    bake(first, 40);
    const second = await machine()(first);
    clock += 3000;
    expect(await machine()(first)).toMatchObject({
      step: 2,
      stepStartedAt: second.stepStartedAt,
      next: 'bake',
    });
    expect((await row())?.challenger?.weightPercent).toBe(50);
    expect(await machine()(input())).toMatchObject({ step: 2, next: 'bake' });
  });

  it('gives way to a newer version, and touches it no more', async () => {
    champion1();
    const two = await machine()(input(2));
    const three = await machine()(input(3));
    expect(three).toMatchObject({ step: 1, next: 'bake' });
    const before = await row();
    bake(two, 40, 40);
    expect(await machine()(two)).toMatchObject({
      next: 'superseded',
      reasons: ['version 3 is newer and has taken its place'],
    });
    expect(await machine()(input(2))).toMatchObject({ next: 'superseded' });
    expect(await row()).toEqual(before);
  });

  it('ends when a person withdrew the version', async () => {
    champion1();
    const first = await machine()(input());
    champion1();
    expect(await machine()(first)).toMatchObject({ next: 'rolled-back', waitSeconds: 0 });
    expect(await row()).toMatchObject({ revision: 1, champion: { version: 1 } });
  });

  it('says that the champion is promoted, however often it is asked', async () => {
    champion1();
    expect(await machine()(input(1))).toMatchObject({ next: 'promoted' });
    expect(routing.announced).toEqual([]);
  });

  it('promotes at once where the project has no steps', async () => {
    champion1();
    expect(await machine(routing, [])(input())).toMatchObject({ next: 'promoted' });
    expect(await row()).toMatchObject({ champion: { version: 2 }, previous: { version: 1 } });
  });

  it('reads again when somebody else was first', async () => {
    champion1();
    routing.beforeCommit = async () => {
      routing.beforeCommit = () => {};
      await machine()(input(3));
    };
    expect(await machine()(input(2))).toMatchObject({ next: 'superseded' });
    expect((await row())?.challenger?.version).toBe(3);
  });

  it('refuses input that no retry can mend', async () => {
    await expect(machine()({ project: 'iris' })).rejects.toThrow(PermanentError);
    await expect(machine()({ ...input(), project: 'unknown' })).rejects.toThrow(
      "project 'unknown' is not deployed",
    );
  });
});
