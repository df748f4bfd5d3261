import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { PermanentError } from '../../lambdas/domain/errors.ts';
import type { ObjectStore } from '../../lambdas/domain/ports/object-store.ts';

/** Versioned objects in memory. Versions are `v1`, `v2` … for each address. */
export class InMemoryObjectStore implements ObjectStore {
  readonly #versions = new Map<string, Uint8Array[]>();

  async stat(uri: string, versionId?: string): ReturnType<ObjectStore['stat']> {
    const found = this.#find(uri, versionId);
    return found && { bytes: found.body.length, versionId: found.versionId };
  }

  async read(uri: string, versionId?: string): Promise<Uint8Array> {
    const found = this.#find(uri, versionId);
    if (!found)
      throw new PermanentError(`${uri}${versionId ? ` (version ${versionId})` : ''} does not exist`);
    return found.body.slice();
  }

  async download(uri: string, path: string, versionId?: string): ReturnType<ObjectStore['download']> {
    const body = await this.read(uri, versionId);
    await writeFile(path, body);
    return { sha256: createHash('sha256').update(body).digest('hex'), bytes: body.length };
  }

  async write(uri: string, body: Uint8Array | string, _contentType: string): Promise<void> {
    this.put(uri, body);
  }

  async upload(path: string, uri: string, _contentType: string): Promise<void> {
    this.put(uri, await readFile(path));
  }

  /** @returns the version id given to the object */
  put(uri: string, body: Uint8Array | string): string {
    const versions = this.#versions.get(uri) ?? [];
    versions.push(typeof body === 'string' ? new TextEncoder().encode(body) : Uint8Array.from(body));
    this.#versions.set(uri, versions);
    return `v${versions.length}`;
  }

  remove(uri: string): void {
    this.#versions.delete(uri);
  }

  /** Addresses of everything stored, sorted. */
  uris(): string[] {
    return [...this.#versions.keys()].toSorted();
  }

  #find(uri: string, versionId: string | undefined) {
    const versions = this.#versions.get(uri) ?? [];
    const index = versionId === undefined ? versions.length - 1 : Number(versionId.slice(1)) - 1;
    const body = versions[index];
    return body && { body, versionId: `v${index + 1}` };
  }
}
