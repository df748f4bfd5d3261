import { describe, expect, it } from 'vitest';
import type { ModelPackageStateChanged } from '../../../lambdas/contracts/sagemaker-events.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import { startRollout } from '../../../lambdas/handlers/start-rollout/handler.ts';

const metadata = {
  project: 'iris',
  runId: 'iris-1',
  artifactUri: 's3://artifacts/iris/models/iris-1/',
  modelSha256: 'a'.repeat(64),
};

function change(changes: Partial<ModelPackageStateChanged> = {}): ModelPackageStateChanged {
  return {
    ModelPackageArn: 'arn:aws:sagemaker:eu-west-1:000000000000:model-package/millrace-iris/2',
    ModelPackageGroupName: 'millrace-iris',
    ModelPackageVersion: 2,
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: 'Approved',
    UpdatedModelPackageFields: ['ModelApprovalStatus'],
    ...changes,
  };
}

function world(read = { approved: true, metadata }) {
  const started: [string, unknown][] = [];
  const handle = startRollout({
    packages: { read: async () => read },
    executions: {
      start: async (name, input) => {
        started.push([name, input]);
        return `arn:execution:${name}`;
      },
    },
    groupPrefix: 'millrace',
  });
  return { handle, started };
}

describe('starting a rollout', () => {
  it.each([
    ['an approval', change()],
    ['a package created approved', change({ UpdatedModelPackageFields: undefined })],
    ['a package created approved, fields listed as none', change({ UpdatedModelPackageFields: [] })],
  ])('answers %s with one execution named after the version', async (_what, event) => {
    const { handle, started } = world();
    await handle(event);
    expect(started).toEqual([
      ['iris-v2', { project: 'iris', version: 2, artifactUri: 's3://artifacts/iris/models/iris-1/' }],
    ]);
  });

  it.each([
    ['an edit of the metadata', change({ UpdatedModelPackageFields: ['CustomerMetadataProperties'] })],
    ['a rejection', change({ ModelApprovalStatus: 'Rejected' })],
    ["somebody else's group", change({ ModelPackageGroupName: 'other-iris' })],
  ])('ignores %s', async (_what, event) => {
    const { handle, started } = world();
    await handle(event);
    expect(started).toEqual([]);
  });

  it('starts nothing when the approval was withdrawn meanwhile', async () => {
    const { handle, started } = world({ approved: false, metadata });
    await handle(change());
    expect(started).toEqual([]);
  });

  it('refuses a package that lies in another project’s group', async () => {
    const { handle, started } = world({ approved: true, metadata: { ...metadata, project: 'cars' } });
    await expect(handle(change())).rejects.toThrow(PermanentError);
    expect(started).toEqual([]);
  });
});
