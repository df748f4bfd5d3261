import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../builders/temporary-directory.ts';
import { codeBlocks, readDocument, root } from './markdown.ts';

/** Without the comment behind it. */
const commands = codeBlocks(readDocument('README.md'), 'sh')
  .flatMap((block) => block.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim());

const synths = commands.filter((command) => command.startsWith('npm run synth'));

it('README.md is one screen', () => {
  expect(readDocument('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(60);
});

it('README.md shows how to synthesize', () => {
  expect(synths).not.toEqual([]);
});

it.each(synths)(
  '%s works without credentials, as README.md says',
  (command) => {
    const output = temporaryDirectory();
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
    const nowhere = join(output, 'none');
    const [program = '', ...words] = command.split(' ');
    const { status, stderr } = spawnSync(program, [...words, '--output', output], {
      cwd: root,
      encoding: 'utf8',
      env: { ...env, HOME: nowhere, AWS_EC2_METADATA_DISABLED: 'true' },
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(existsSync(join(output, 'millrace-prod-serving.template.json'))).toBe(true);
  },
  240_000,
);
