import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf, markdownFiles, readDocument, root } from './markdown.ts';
import { sourceFiles } from './source-files.ts';

const files = markdownFiles();

/** Why a link leads nowhere; undefined when it leads somewhere. */
function broken(from: string, link: string): string | undefined {
  if (/^(https?|mailto):/.test(link)) return undefined;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(root, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined) return undefined;
  const known = anchorsOf(readDocument(target));
  return known.includes(anchor) ? undefined : `${link}: ${target} has only #${known.join(', #')}`;
}

describe('documents', () => {
  it('are found', () => {
    expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/runbook.md', 'local/README.md']));
  });

  it.each(files)('%s: every link leads somewhere', (file) => {
    expect(linksOf(readDocument(file)).flatMap((link) => broken(file, link) ?? [])).toEqual([]);
  });

  it('are all reached from README.md', () => {
    const reached = new Set(['README.md']);
    for (const file of reached) {
      for (const link of linksOf(readDocument(file))) {
        const target = normalize(join(dirname(file), link.split('#')[0] ?? ''));
        if (files.includes(target)) reached.add(target);
      }
    }
    const ours = files.filter((file) => /^(docs|local|containers|projects)\//.test(file));
    expect(ours.filter((file) => !reached.has(file))).toEqual([]);
  });
});

describe('sections that the code names', () => {
  const named = sourceFiles().flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\b(?:docs|local)\/[\w/-]+\.md(?:#[\w-]+)?/g)].map(
      ([reference]) => ({ file, reference }),
    ),
  );

  it('are there', () => {
    expect(named.map(({ reference }) => reference)).toContain('docs/runbook.md#dead-letters');
    const missing = named.flatMap(({ file, reference }) => {
      const problem = broken('README.md', reference);
      return problem === undefined ? [] : [`${file}: ${problem}`];
    });
    expect(missing).toEqual([]);
  });
});
