import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Row } from '../../../cli/client/predictions.ts';
import { featureValue } from '../../../lambdas/contracts/prediction-record.ts';

const root = join(import.meta.dirname, '../../..');
const row = z.record(z.string(), featureValue);

/** Files of the shipped project's data, made by its own script in a folder of the suite. */
export class DataFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The 569 real rows. @param name its ending says the format. @returns the path */
  async real(name: string): Promise<string> {
    return this.#generate(name, 'real');
  }

  /** Generated rows with their labels. @returns the path */
  async labelled(name: string, world: 'usual' | 'shifted', count: number, seed: number): Promise<string> {
    return this.#generate(name, ...rowsOf(world, count, seed));
  }

  /** Rows to predict. */
  async unlabelled(world: 'usual' | 'shifted', count: number): Promise<Row[]> {
    const file = await this.#generate(`${world}.jsonl`, ...rowsOf(world, count, 23), '--no-labels');
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    return lines.map((line) => row.parse(JSON.parse(line)));
  }

  /** A file with this content. @returns the path */
  async written(name: string, content: string | Uint8Array): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const file = join(this.#folder, name);
    await writeFile(file, content);
    return file;
  }

  async #generate(name: string, ...args: readonly string[]): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const file = join(this.#folder, name);
    const script = join(root, 'projects/breast-cancer/data/generate.py');
    await promisify(execFile)(join(root, '.venv/bin/python'), [script, ...args, '--out', file]);
    return file;
  }
}

function rowsOf(world: 'usual' | 'shifted', count: number, seed: number): string[] {
  return ['rows', '--count', String(count), '--world', world, '--seed', String(seed)];
}
