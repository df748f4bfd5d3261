import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../../../cli/program.ts';
import { environmentNames } from '../../../lambdas/contracts/deployment.ts';
import { codeBlocks, codeSpans, markdownFiles, readDocument, root } from './markdown.ts';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const program = createProgram({
  directory: root,
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  debug: false,
});

/** Every command that a document shows: its shell blocks, line by line, and its code spans. */
const shown = markdownFiles().flatMap((file) => {
  const text = readDocument(file);
  const blocks = codeBlocks(text, 'sh').flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'));
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  return [...blocks, ...codeSpans(prose)].map((command) => ({ file, command: command.trim() }));
});

const found = (pattern: RegExp) =>
  shown.flatMap(({ file, command }) =>
    [...command.matchAll(pattern)].map((match) => ({ file, command, groups: match.groups ?? {} })),
  );

describe('commands in documents', () => {
  it('run scripts that package.json has', () => {
    const runs = found(/\bnpm (?:run )?(?<script>start|test|(?<=run )[\w:]+)/g);
    expect(runs.map(({ groups }) => groups['script'])).toEqual(
      expect.arrayContaining(['start', 'test', 'synth', 'bench', 'millrace']),
    );
    expect(runs.filter(({ groups }) => !(String(groups['script']) in scripts))).toEqual([]);
  });

  it('use words and options that `millrace` knows', () => {
    const used = found(/(?:^|npm run )millrace(?<words>(?: --)? [^|#]+)/g);
    const wrong = used.flatMap(({ file, command, groups }) => {
      const problem = misspelt(groups['words'] ?? '');
      return problem === undefined ? [] : [`${file}: ${command}: ${problem}`];
    });
    expect(used.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it('deploy environments that there are', () => {
    const named = found(/(?:-c env=|--env )(?<name>[a-z]+)/g);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ groups }) => !environmentNames.some((name) => name === groups['name']))).toEqual(
      [],
    );
  });

  it('start benchmarks that there are', () => {
    const benches = found(/npm run bench -- (?<name>[a-z]+)/g);
    expect(benches.map(({ groups }) => groups['name'])).toContain('loop');
    const missing = benches.filter(
      ({ groups }) => !readable(join(root, 'bench', String(groups['name']), 'index.ts')),
    );
    expect(missing).toEqual([]);
  });
});

/** What of a `millrace` command line its program does not know. */
function misspelt(words: string): string | undefined {
  let command = program;
  const options = new Set(['--help', ...longOptions(program)]);
  for (const word of words.split(/\s+/).filter((each) => each !== '' && each !== '--')) {
    const name = word.split('=')[0] ?? word;
    if (name.startsWith('--') && !options.has(name)) return `there is no option ${name}`;
    if (name.startsWith('-')) continue;
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next) {
      command = next;
      for (const option of longOptions(next)) options.add(option);
    }
  }
  if (command === program && !/--(help|env)\s*$/.test(words)) return 'it names no command';
  return undefined;
}

function longOptions(command: typeof program): string[] {
  return command.options.flatMap(({ long }) => long ?? []);
}

function readable(file: string): boolean {
  try {
    return readFileSync(file, 'utf8') !== '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
