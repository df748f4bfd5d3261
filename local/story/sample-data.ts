import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Row } from '../../cli/client/predictions.ts';
import { z } from 'zod';
import { featureValue } from '../../lambdas/contracts/prediction-record.ts';

const run = promisify(execFile);
const row = z.record(z.string(), featureValue);

/** The shipped project's data, made by its own script: the real set, and seeded rows of either world. */
export class SampleData {
  readonly #root: string;
  readonly #folder: string;

  constructor(root: string, folder: string) {
    this.#root = root;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** The 569 real rows as CSV. @returns the file */
  async real(): Promise<string> {
    return this.#generate('real.csv', 'real');
  }

  /** Labelled rows of the changed world, as they come back from a laboratory. @returns the file */
  async labelledShifted(count: number): Promise<string> {
    return this.#generate(
      'new-device.csv',
      'rows',
      '--count',
      String(count),
      '--world',
      'shifted',
      '--seed',
      '11',
    );
  }

  /** Rows to predict, without a label. */
  async unlabelled(world: 'usual' | 'shifted', count: number): Promise<Row[]> {
    const file = await this.#generate(
      `${world}.jsonl`,
      'rows',
      '--count',
      String(count),
      '--world',
      world,
      '--seed',
      '23',
      '--no-labels',
    );
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    return lines.map((line) => row.parse(JSON.parse(line)));
  }

  async #generate(name: string, ...args: string[]): Promise<string> {
    const file = join(this.#folder, name);
    await run(join(this.#root, '.venv/bin/python'), [
      join(this.#root, 'projects/breast-cancer/data/generate.py'),
      ...args,
      '--out',
      file,
    ]);
    return file;
  }
}
