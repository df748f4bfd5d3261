import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Benchmark } from './benchmark.ts';

const folder = dirname(fileURLToPath(import.meta.url));

/** Benchmarks are folders with an `index.ts`. */
function names(): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'index.ts')))
    .map(({ name }) => name)
    .toSorted();
}

async function load(name: string): Promise<Benchmark> {
  const loaded = (await import(pathToFileURL(join(folder, name, 'index.ts')).href)) as { default: Benchmark };
  return loaded.default;
}

async function list(): Promise<string> {
  const lines = await Promise.all(
    names().map(async (name) => `  ${name.padEnd(12)} ${(await load(name)).summary}`),
  );
  return `usage: npm run bench -- <name> [options]\n\n${lines.join('\n')}\n`;
}

/** @returns the exit code */
async function main([name, ...words]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help') {
    process.stdout.write(await list());
    return name === undefined ? 2 : 0;
  }
  if (!names().includes(name)) {
    process.stderr.write(`there is no benchmark '${name}'\n\n${await list()}`);
    return 2;
  }
  return (await load(name)).run(words);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env['MILLRACE_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
