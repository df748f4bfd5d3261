import { describe, expect, test } from 'vitest';
import type { ModelRegistry, NewModelPackage } from '../../lambdas/domain/ports/model-registry.ts';
import type { PackageReader } from '../../lambdas/domain/ports/package-reader.ts';

const packageOf = (group: string, run: string): NewModelPackage => ({
  group,
  clientToken: `token-${group}-${run}`.slice(0, 36),
  description: 'accuracy 0.9 on 114 held-out rows',
  artifactUri: `s3://artifacts/tumours/models/${run}/`,
  metadata: {
    project: 'tumours',
    runId: run,
    artifactUri: `s3://artifacts/tumours/models/${run}/`,
    modelSha256: 'a'.repeat(64),
  },
});

/** What every `ModelRegistry` and its `PackageReader` must do. @param make gives a group that nobody used */
export function modelRegistryContract(
  name: string,
  make: () => Promise<{ registry: ModelRegistry; reader: PackageReader; group: string }>,
): void {
  describe(`model registry: ${name}`, () => {
    test('versions of a group count from one, and are named by their ARN', async () => {
      const { registry, group } = await make();
      const first = await registry.register(packageOf(group, 'run-1'));
      const second = await registry.register(packageOf(group, 'run-2'));
      expect([first.version, second.version]).toEqual([1, 2]);
      expect(second.modelPackageArn).toMatch(new RegExp(`:model-package/${group}/2$`));
      const other = await registry.register(packageOf(`${group}-other`, 'run-1'));
      expect(other.version).toBe(1);
    });

    test('the same client token registers once', async () => {
      const { registry, group } = await make();
      const first = await registry.register(packageOf(group, 'run-1'));
      expect(await registry.register(packageOf(group, 'run-1'))).toEqual(first);
      expect((await registry.register(packageOf(group, 'run-2'))).version).toBe(2);
    });

    test('a package waits for approval, with its description', async () => {
      const { registry, group } = await make();
      const { modelPackageArn } = await registry.register(packageOf(group, 'run-1'));
      expect(await registry.describe(modelPackageArn)).toEqual({
        approval: 'PendingManualApproval',
        description: 'accuracy 0.9 on 114 held-out rows',
      });
    });

    test('approval is its own, and twice is once', async () => {
      const { registry, reader, group } = await make();
      const { modelPackageArn } = await registry.register(packageOf(group, 'run-1'));
      const { modelPackageArn: other } = await registry.register(packageOf(group, 'run-2'));
      expect((await reader.read(modelPackageArn)).approved).toBe(false);
      await registry.approve(modelPackageArn, 'the gate let it pass');
      await registry.approve(modelPackageArn, 'the gate let it pass');
      expect((await registry.describe(modelPackageArn)).approval).toBe('Approved');
      expect((await registry.describe(other)).approval).toBe('PendingManualApproval');
      expect(await reader.read(modelPackageArn)).toEqual({
        approved: true,
        metadata: packageOf(group, 'run-1').metadata,
      });
    });

    test('what was never registered can be neither described, read nor approved', async () => {
      const { registry, reader, group } = await make();
      const { modelPackageArn } = await registry.register(packageOf(group, 'run-1'));
      const missing = modelPackageArn.replace(/1$/, '7');
      await expect(registry.describe(missing)).rejects.toThrow();
      await expect(reader.read(missing)).rejects.toThrow();
      await expect(registry.approve(missing, 'why not')).rejects.toThrow();
    });
  });
}
