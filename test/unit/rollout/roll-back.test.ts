import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbRouting } from '../../../lambdas/adapters/dynamodb-routing.ts';
import { ledgerKeys } from '../../../lambdas/contracts/ledger.ts';
import type { RoutingTable } from '../../../lambdas/contracts/routing.ts';
import { rollBackModel } from '../../../lambdas/handlers/roll-back/handler.ts';
import { InMemoryRecords } from '../../builders/in-memory-records.ts';
import { routingRow } from '../../builders/watched-stream.ts';

const target = (version: number) => ({ version, artifactUri: `s3://artifacts/iris/models/run-${version}/` });
const reason = 'answers look wrong';
let routing: InMemoryRecords;
let ledger: InMemoryRecords;

beforeEach(() => {
  routing = new InMemoryRecords();
  ledger = new InMemoryRecords().seed(...[1, 2, 3, 4].map(registered));
});

function registered(version: number) {
  return {
    project: 'iris',
    record: ledgerKeys.version(version),
    modelPackageArn: `arn:${version}`,
    runId: `iris-${version}`,
    modelSha256: 'a'.repeat(64),
    at: '2026-11-21T01:00:00.000Z',
    ...target(version),
  };
}

const route = (changes: Partial<RoutingTable>) =>
  routing.seed({ ...routingRow('iris', changes), record: 'routing' });
const row = () => new DynamoDbRouting(routing).read('iris');
const rollBack = (command: object) =>
  rollBackModel({ routing: new DynamoDbRouting(routing), ledger, now: () => '2026-11-21T02:00:00.000Z' })({
    project: 'iris',
    reason,
    ...command,
  });

describe('rolling back on command', () => {
  it('goes back to the champion before', async () => {
    route({ champion: target(3), previous: target(2) });
    expect(await rollBack({})).toEqual({
      rolledBack: true,
      message: 'iris: version 2 answers all traffic again, version 3 none',
      champion: 2,
    });
    expect(await row()).toMatchObject({ revision: 2, champion: target(2), previous: target(3) });
    expect(routing.announced).toMatchObject([
      { detailType: 'ModelVersionRolledBack.v1', detail: { version: 3, by: 'person', reasons: [reason] } },
    ]);
  });

  it('withdraws the challenger during a rollout', async () => {
    route({ champion: target(3), previous: target(2), challenger: { ...target(4), weightPercent: 50 } });
    expect(await rollBack({})).toMatchObject({
      message: 'iris: version 3 answers all traffic again, version 4 none',
      champion: 3,
    });
    expect((await row())?.challenger).toBeUndefined();
  });

  it('finds an older version in the ledger', async () => {
    route({ champion: target(3), previous: target(2) });
    expect(await rollBack({ toVersion: 1 })).toMatchObject({ rolledBack: true, champion: 1 });
    expect(await row()).toMatchObject({ champion: target(1), previous: target(3) });
  });

  it('names the versions there are when asked for another', async () => {
    route({ champion: target(3), previous: target(2) });
    expect(await rollBack({ toVersion: 9 })).toEqual({
      rolledBack: false,
      message: 'iris has no version 9: it has 4, 3, 2, 1',
      champion: 3,
    });
    expect(await row()).toMatchObject({ revision: 1 });
  });

  it('says why when there is nothing to go back to', async () => {
    expect(await rollBack({})).toEqual({
      rolledBack: false,
      message: 'iris: no model serves yet, so there is nothing to go back from',
    });
    route({ champion: target(1) });
    expect(await rollBack({ toVersion: 1 })).toEqual({
      rolledBack: false,
      message: 'iris: version 1 is the champion already',
      champion: 1,
    });
  });

  it('decides again when a rollout moved meanwhile', async () => {
    route({ champion: target(3), challenger: { ...target(4), weightPercent: 50 } });
    routing.beforeCommit = () => {
      routing.beforeCommit = () => {};
      route({ revision: 2, champion: target(4), previous: target(3) });
    };
    expect(await rollBack({})).toMatchObject({ rolledBack: true, champion: 3 });
    expect(await row()).toMatchObject({ revision: 3, champion: target(3), previous: target(4) });
  });

  it('refuses a command that says no reason', async () => {
    await expect(rollBack({ reason: '' })).rejects.toThrow('the command does not fit its contract');
  });
});
