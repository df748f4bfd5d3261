import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FunctionPlatform } from '../config/environments.ts';

/** Packages with native parts: they stay beside the bundle, pruned to one platform. */
export type NativePackage = 'onnxruntime-node' | '@duckdb/node-api';

/** Where packages are looked for: what npm installed, then what set-up fetched for a platform that is not this one. */
export interface PackageRoots {
  readonly nodeModules: string;
  readonly foreign: string;
}

/**
 * Copies a native package with what it needs at run time for one platform, and nothing else: onnxruntime-node carries
 * every platform's libraries (288 MB), and DuckDB's come as a package a platform.
 */
export function copyNativePackage(
  name: NativePackage,
  platform: FunctionPlatform,
  roots: PackageRoots,
  bundle: string,
): void {
  const target = join(bundle, 'node_modules');
  if (name === 'onnxruntime-node') {
    const source = packageFolder(name, roots);
    copy(join(source, 'dist'), join(target, name, 'dist'), (path) => !path.endsWith('.map'));
    copy(join(source, 'package.json'), join(target, name, 'package.json'));
    const binaries = join('bin', 'napi-v6', platform.os, platform.cpu);
    copy(join(source, binaries), join(target, name, binaries));
    copyPlain('onnxruntime-common', roots, target);
    return;
  }
  for (const part of ['@duckdb/node-api', '@duckdb/node-bindings']) copyPlain(part, roots, target);
  copyPlain(`@duckdb/node-bindings-${platform.os}-${platform.cpu}`, roots, target);
}

function copyPlain(name: string, roots: PackageRoots, target: string): void {
  copy(
    packageFolder(name, roots),
    join(target, name),
    (path) => !/\.(map|d\.ts|md|ts)$/.test(path) && !path.includes(`${name}/node_modules`),
  );
}

function packageFolder(name: string, roots: PackageRoots): string {
  const found = [roots.nodeModules, roots.foreign]
    .map((root) => join(root, name))
    .find((folder) => existsSync(join(folder, 'package.json')));
  if (found) return found;
  throw new Error(
    `the native package ${name} is not installed for the functions' platform; run \`npm run setup\`, which fetches it`,
  );
}

function copy(from: string, to: string, keep: (path: string) => boolean = () => true): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true, filter: keep });
}
