import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../docs/markdown.ts';

const bench = (...words: string[]) =>
  spawnSync(process.execPath, [join(root, 'bench/run.ts'), ...words], { cwd: root, encoding: 'utf8' });

it('without a name it lists what there is', () => {
  const { status, stdout } = bench();
  expect(stdout).toMatch(/^ {2}loop +\S/m);
  expect(status).toBe(2);
});

it('an unknown name is told, with the list', () => {
  const { status, stderr } = bench('lop');
  expect(stderr).toMatch(/^there is no benchmark 'lop'\n[^]*^ {2}loop /m);
  expect(status).toBe(2);
});

it('a wrong option is one sentence and the usage', () => {
  const { status, stderr } = bench('loop', '--runs', 'many');
  expect(stderr).toBe(
    "--runs takes a whole number from 1 to 100, not 'many'\n" +
      'usage: npm run bench -- loop [--runs 1] [--port <free>] [--write]\n',
  );
  expect(status).toBe(1);
});
