import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checkout.ts';

/** Anchors as GitHub makes them from headings. */
export function runbookAnchors(): readonly string[] {
  const file = join(root, 'docs/runbook.md');
  if (!existsSync(file)) throw new Error('docs/runbook.md is missing: alarms send people to its headings');
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
}
