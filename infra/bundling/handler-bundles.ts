import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { ProjectCatalog } from '../../lambdas/contracts/project-definition.ts';
import type { FunctionPlatform } from '../config/environments.ts';
import { copyNativePackage, type NativePackage } from './native-packages.ts';

export interface HandlerBundlesProps {
  /** Folder of the checkout. */
  readonly root: string;
  readonly platform: FunctionPlatform;
  readonly projects: ProjectCatalog;
  /** Folder that bundles are written under; it goes with the process, after the assembly has its copies. */
  readonly output: string;
}

export interface HandlerBundle {
  readonly native: readonly NativePackage[];
  /** Whether `projects.json` lies beside the code. */
  readonly withProjects: boolean;
}

/** CommonJS packages inside an ES module bundle still call `require`. */
const requireInEsm =
  "import { createRequire as __createRequire } from 'node:module';" +
  'const require = __createRequire(import.meta.url);';

/**
 * Bundles handlers by esbuild, each into a folder of its own, with its native packages pruned to one platform.
 * Nothing is installed, and the same sources give the same bytes. All are bundled by one run, as the first is asked for:
 * they share most of what is read.
 */
export class HandlerBundles {
  readonly #props: HandlerBundlesProps;
  #built = false;

  constructor(props: HandlerBundlesProps) {
    this.#props = props;
  }

  /** @returns the folder with the handler's bundle */
  folderOf(handler: string, { native, withProjects }: HandlerBundle): string {
    if (!this.#built) this.#buildAll();
    this.#built = true;
    const { root, platform, projects, output } = this.#props;
    const folder = join(output, handler);
    const roots = { nodeModules: join(root, 'node_modules'), foreign: join(root, '.millrace/native') };
    for (const name of native) copyNativePackage(name, platform, roots, folder);
    if (withProjects) writeFileSync(join(folder, 'projects.json'), JSON.stringify(projects));
    return folder;
  }

  #buildAll(): void {
    const { root, output } = this.#props;
    process.once('exit', () => rmSync(output, { recursive: true, force: true }));
    const handlers = join(root, 'lambdas/handlers');
    buildSync({
      absWorkingDir: root,
      entryPoints: readdirSync(handlers).map((handler) => ({
        in: join(handlers, handler, 'index.ts'),
        out: join(handler, 'index'),
      })),
      outdir: output,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: { js: requireInEsm },
      external: ['onnxruntime-node', '@duckdb/node-api'],
      minify: true,
      keepNames: true,
      legalComments: 'none',
      logLevel: 'error',
    });
  }
}
