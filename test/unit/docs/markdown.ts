import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

const elsewhere = /(^|\/)(node_modules|\.venv|\.millrace|\.git|cdk\.out|\.pytest_cache|dist)(\/|$)/;

/** Every Markdown file of the checkout, relative to its root. */
export function markdownFiles(): string[] {
  return globSync('**/*.md', { cwd: root, exclude: (path) => elsewhere.test(path) }).toSorted();
}

export const readDocument = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Links of a document as they are written, without those inside code. */
export function linksOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(
    (match) => match.groups?.['target'] ?? '',
  );
}

/** Anchors of a document as GitHub makes them from its headings. */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(text, { spans: false }).matchAll(/^#{1,6} (?<title>.+)$/gm)].map((match) => {
    const anchor = (match.groups?.['title'] ?? '')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** Contents of fenced blocks of these languages. */
export function codeBlocks(text: string, ...languages: readonly string[]): string[] {
  return [...text.matchAll(/^```(?<language>\w*)\n(?<code>.*?)^```$/gms)]
    .filter((match) => languages.includes(match.groups?.['language'] ?? ''))
    .map((match) => match.groups?.['code'] ?? '');
}

/** Cells of the first table whose head begins with this column. @throws when there is none */
export function tableOf(text: string, firstColumn: string): string[][] {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => cellsOf(line)[0] === firstColumn);
  if (head === -1) throw new Error(`no table has a first column '${firstColumn}'`);
  const rows = lines.slice(head + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end === -1 ? undefined : end).map(cellsOf);
}

/** What stands between backquotes. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`(?<code>[^`]+)`/g)].map((match) => match.groups?.['code'] ?? '');
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

function withoutCode(text: string, { spans = true } = {}): string {
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  return spans ? prose.replaceAll(/`[^`\n]*`/g, '') : prose;
}
