import { describe, expect, test } from 'vitest';
import type { ImageRegistry } from '../../lambdas/domain/ports/image-registry.ts';

export interface ImageRegistryUnderTest {
  readonly images: ImageRegistry;
  /** `<registry>/<repository>`, of a repository that has the tag `1` and no other. */
  readonly repository: string;
  /** `sha256:…` of that image. */
  readonly digest: string;
}

/** What every `ImageRegistry` must do. */
export function imageRegistryContract(name: string, make: () => Promise<ImageRegistryUnderTest>): void {
  describe(`image registry: ${name}`, () => {
    test('a tag is pinned to the digest of its image', async () => {
      const { images, repository, digest } = await make();
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(await images.pin(`${repository}:1`)).toBe(`${repository}@${digest}`);
    });

    test('a tag that there is not is undefined', async () => {
      const { images, repository } = await make();
      expect(await images.pin(`${repository}:2`)).toBeUndefined();
    });
  });
}
