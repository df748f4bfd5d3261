import type { ImageRegistry } from '../../lambdas/domain/ports/image-registry.ts';

/** Images by `<registry>/<repository>:<tag>`. */
export class InMemoryImageRegistry implements ImageRegistry {
  readonly #digests: Map<string, string>;

  /** @param digests `sha256:…` by image */
  constructor(digests: Readonly<Record<string, string>>) {
    this.#digests = new Map(Object.entries(digests));
  }

  async pin(imageUri: string): Promise<string | undefined> {
    const digest = this.#digests.get(imageUri);
    return digest && `${imageUri.slice(0, imageUri.lastIndexOf(':'))}@${digest}`;
  }
}
