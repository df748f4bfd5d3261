import { describe, expect, it } from 'vitest';
import { modelVersionRegistered } from '../../../lambdas/contracts/model-version-registered.ts';
import { dsseEnvelope, signedModel } from '../../../lambdas/contracts/signature.ts';
import { registrationResult } from '../../../lambdas/contracts/training-steps.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import { approveVersion } from '../../../lambdas/handlers/approve-version/handler.ts';
import { registerVersion } from '../../../lambdas/handlers/register-version/handler.ts';
import { InMemoryObjectStore } from '../../builders/in-memory-object-store.ts';
import { InMemoryRecords } from '../../builders/in-memory-records.ts';
import { InMemoryRegistry } from '../../builders/in-memory-registry.ts';
import { LocalSigner } from '../../builders/local-signer.ts';
import { candidate, evaluated, hashOf, noon, runId, trained, tumours } from '../../builders/training.ts';

const model = 'the bytes of a model';
const manifest = JSON.stringify(evaluated(trained(model)));
const { artifactUri } = candidate();

function setUp() {
  const objects = new InMemoryObjectStore();
  objects.put(`${artifactUri}model.onnx`, model);
  objects.put(`${artifactUri}manifest.json`, manifest);
  const records = new InMemoryRecords();
  const registry = new InMemoryRegistry();
  const register = registerVersion({
    records,
    objects,
    signer: new LocalSigner(),
    registry,
    groupPrefix: 'millrace',
    now: () => noon,
  });
  return { objects, records, registry, register };
}

describe('register-version', () => {
  it('signs the files that lie there, registers them and announces the version', async () => {
    const { objects, records, registry, register } = setUp();
    const result = registrationResult.parse(await register(candidate()));
    expect(result).toMatchObject({ version: 1, verdict: 'candidate', runId });

    const envelope = dsseEnvelope.parse(
      JSON.parse(new TextDecoder().decode(await objects.read(`${artifactUri}signature.dsse.json`))),
    );
    expect(signedModel.parse(JSON.parse(Buffer.from(envelope.payload, 'base64').toString()))).toEqual({
      project: 'tumours',
      runId,
      files: { 'model.onnx': hashOf(model), 'manifest.json': hashOf(manifest) },
    });
    expect(registry.packages).toMatchObject([
      {
        group: 'millrace-tumours',
        artifactUri,
        metadata: { project: 'tumours', runId, artifactUri, modelSha256: hashOf(model) },
      },
    ]);
    expect(registry.packages[0]?.clientToken).toMatch(/^[a-zA-Z0-9-]{1,36}$/);
    expect(records.announced).toHaveLength(1);
    expect(modelVersionRegistered.detail.parse(records.announced[0]?.detail)).toMatchObject({
      version: 1,
      modelPackageArn: result.modelPackageArn,
    });
  });

  it('is done once, whether an attempt died before or after the ledger was written', async () => {
    const { records, registry, register } = setUp();
    records.beforeCommit = () => {
      throw new Error('the table does not answer');
    };
    await expect(register(candidate())).rejects.toThrow('the table does not answer');
    records.beforeCommit = () => {};
    const second = await register(candidate());
    const third = await register(candidate());
    expect(third).toEqual(second);
    expect(second.version).toBe(1);
    expect(registry.packages).toHaveLength(1);
    expect(records.announced).toHaveLength(1);
  });

  it('accepts that another attempt of the same run was quicker, but not another run', async () => {
    const version = (byRun: string) => ({
      project: 'tumours',
      record: 'version#000001',
      version: 1,
      modelPackageArn: 'arn:package/1',
      artifactUri,
      modelSha256: hashOf(model),
      runId: byRun,
      at: noon,
    });
    const same = setUp();
    same.records.beforeCommit = () => void same.records.seed(version(runId));
    expect((await same.register(candidate())).version).toBe(1);
    const other = setUp();
    other.records.beforeCommit = () => void other.records.seed(version('tumours-ffffffffffff'));
    await expect(other.register(candidate())).rejects.toThrow('is recorded for run tumours-ffffffffffff');
  });

  it('does not sign a model that was changed since its evaluation', async () => {
    const { objects, registry, register } = setUp();
    objects.put(`${artifactUri}model.onnx`, 'other bytes');
    const registering = register(candidate());
    await expect(registering).rejects.toThrow(PermanentError);
    await expect(registering).rejects.toThrow('were changed since they were evaluated');
    expect(registry.packages).toEqual([]);
    expect(await objects.stat(`${artifactUri}signature.dsse.json`)).toBeUndefined();
  });

  it('registers no challenger that the gate refused', async () => {
    const { register } = setUp();
    await expect(register(candidate({ verdict: 'rejected' }))).rejects.toThrow(
      'only a candidate can be registered',
    );
  });
});

describe('approve-version', () => {
  async function registeredFor(approval: 'policy' | 'person') {
    const { registry, register } = setUp();
    const { modelPackageArn } = await register(candidate());
    const approve = approveVersion({
      registry,
      projects: { tumours: tumours({ approval }) },
      groupPrefix: 'millrace',
    });
    const event = {
      ModelPackageArn: modelPackageArn,
      ModelPackageGroupName: 'millrace-tumours',
      ModelPackageVersion: 1,
      ModelPackageStatus: 'Completed',
      ModelApprovalStatus: 'PendingManualApproval' as const,
    };
    return { registry, approve, event };
  }

  it('approves by policy, and says on which metrics', async () => {
    const { registry, approve, event } = await registeredFor('policy');
    await approve(event);
    expect(registry.packages[0]?.approval).toBe('Approved');
    expect(registry.packages[0]?.why).toContain("policy of project 'tumours'");
    expect(registry.packages[0]?.why).toContain('accuracy 0.9, logLoss 0.2 on 4 held-out rows');
  });

  it('leaves a version to a person', async () => {
    const { registry, approve, event } = await registeredFor('person');
    await approve(event);
    expect(registry.packages[0]?.approval).toBe('PendingManualApproval');
  });

  it('does not bring back what was rejected since', async () => {
    const { registry, approve, event } = await registeredFor('policy');
    Object.assign(registry.packages[0] ?? {}, { approval: 'Rejected' });
    await approve(event);
    expect(registry.packages[0]?.approval).toBe('Rejected');
  });

  it.each(['tumours', 'other-tumours', 'millrace-gone'])(
    'ignores the group %s',
    async (ModelPackageGroupName) => {
      const { registry, approve, event } = await registeredFor('policy');
      await approve({ ...event, ModelPackageGroupName });
      expect(registry.packages[0]?.approval).toBe('PendingManualApproval');
    },
  );
});
