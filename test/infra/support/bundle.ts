import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import type { HandlerBundle } from '../../../infra/bundling/handler-bundles.ts';
import type { FunctionPlatform } from '../../../infra/config/environments.ts';
import { root } from './checkout.ts';

export interface BundledFile {
  /** Within the bundle. */
  readonly path: string;
  readonly content: Buffer;
}

export interface BundleRequest {
  readonly output: string;
  readonly platform: FunctionPlatform;
  readonly bundles: Readonly<Record<string, HandlerBundle>>;
}

/** Bundles by a process that finds neither npm nor any other program. */
export async function bundleWithoutTools(request: BundleRequest): Promise<void> {
  const script = join(root, 'test/infra/support/bundle-handlers.ts');
  await promisify(execFile)(process.execPath, [script, JSON.stringify(request)], {
    cwd: request.output,
    env: { PATH: request.output },
    // Killed rather than left behind by a test that gave up on it.
    timeout: 100_000,
    killSignal: 'SIGKILL',
  });
}

export function filesIn(folder: string): readonly BundledFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => ({ path: relative(folder, path), content: readFileSync(path) }));
}

export function digest(files: readonly BundledFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}

export function unzippedBytes(files: readonly BundledFile[]): number {
  return files.reduce((sum, { content }) => sum + content.length, 0);
}

/** Size of a zip with these files: their compressed bytes, and for each its two headers with its name. */
export function zippedBytes(files: readonly BundledFile[]): number {
  return files.reduce(
    (sum, { path, content }) => sum + deflateRawSync(content).length + 30 + 46 + 2 * path.length,
    22,
  );
}

const machines: Readonly<Record<number, string>> = { 0x3e: 'linux x64', 0xb7: 'linux arm64' };

/** Platform of a native library, by its header; the name is only a name. */
export function platformOf({ content }: BundledFile): string {
  const elf = content.subarray(0, 4).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
  // e_machine of an ELF header, little-endian.
  return (elf && machines[content.readUInt16LE(18)]) || 'another platform';
}

export function nativeFiles(files: readonly BundledFile[]): readonly BundledFile[] {
  return files.filter(({ path }) => /\.(node|dll|dylib|so)(\.[\d.]+)?$/.test(path));
}
