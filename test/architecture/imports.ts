import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** One import statement of a source file. */
export interface Import {
  /** Path of the importing file, from the checkout's root, with forward slashes. */
  readonly file: string;
  /** Path of the imported file from the root, or the package's name, or `node:…`. */
  readonly target: string;
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(?<type>type\s+)?(?<what>[\w*{}\s,$]*?)\s*(?:from\s+)?['"](?<from>[^'"\n]+)['"]/g;
const dynamic = /\bimport\(\s*['"](?<from>[^'"]+)['"]\s*\)/g;

/** Every TypeScript source under a folder of the checkout. */
export function sourcesOf(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/** The imports of one file. A list in which every name is marked `type` counts as types alone. */
export function importsOf(root: string, file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(statement), ...text.matchAll(dynamic)];
  return found.map(({ groups }) => {
    const from = groups?.['from'] ?? '';
    const names = (groups?.['what'] ?? '')
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    return {
      file,
      target: from.startsWith('.')
        ? relative(root, resolve(root, dirname(file), from)).replaceAll('\\', '/')
        : packageOf(from),
      typeOnly:
        groups?.['type'] !== undefined ||
        (names.length > 0 && names.every((name) => name.startsWith('type '))),
    };
  });
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
