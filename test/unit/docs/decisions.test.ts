import { describe, expect, it } from 'vitest';
import { markdownFiles, readDocument } from './markdown.ts';

const records = markdownFiles().filter((file) => /^docs\/decisions\/\d{4}-/.test(file));

describe('decision records', () => {
  it('are numbered without a gap, and listed', () => {
    const numbers = records.map((file) => Number(file.slice('docs/decisions/'.length).slice(0, 4)));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const list = readDocument('docs/decisions/README.md');
    expect(records.filter((file) => !list.includes(`(${file.slice('docs/decisions/'.length)})`))).toEqual([]);
    expect(records.length).toBeGreaterThan(0);
  });

  it.each(records)('%s has its number, context, decision, evidence and consequences', (file) => {
    const text = readDocument(file);
    const number = Number(/(\d{4})-/.exec(file)?.[1]);
    expect(text).toMatch(new RegExp(`^# ${number}\\. \\S`));
    const parts = [...text.matchAll(/^\*\*(Context|Decision|Evidence|Consequences)\b/gm)].map(
      ([, part]) => part,
    );
    expect(parts).toEqual(['Context', 'Decision', 'Evidence', 'Consequences']);
  });
});
