import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../../builders/temporary-directory.ts';
import { root } from './checkout.ts';

/** A checkout whose `projects/` is a copy that a test may change; everything else is this checkout's own. */
export function copiedCheckout(): string {
  const copy = temporaryDirectory();
  for (const name of ['infra', 'lambdas', 'pipelines', 'containers', 'node_modules', 'package.json']) {
    symlinkSync(join(root, name), join(copy, name));
  }
  cpSync(join(root, 'projects'), join(copy, 'projects'), { recursive: true });
  return copy;
}

/** @param files contents by their path within the project's folder */
export function addProject(checkout: string, name: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(checkout, 'projects', name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
