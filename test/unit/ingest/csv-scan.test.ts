import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvScan, type CsvStructure } from '../../../lambdas/domain/ingest/csv-scan.ts';

function scan(text: string, chunkSize = 1_000_000): CsvStructure {
  const bytes = new TextEncoder().encode(text);
  const csv = new CsvScan();
  for (let at = 0; at < bytes.length; at += chunkSize) csv.push(bytes.subarray(at, at + chunkSize));
  return csv.end();
}

describe('CsvScan', () => {
  it('reads any well-formed file, however it is cut', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' ') });
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1 }));
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 7 }),
        (records, lineEnd, endsWithLine, size) => {
          const text = records.map((record) => record.map(quoted).join(',')).join(lineEnd);
          const structure = scan(endsWithLine ? text + lineEnd : text, size);
          expect(structure).toEqual({ header: records[0], rows: records.length - 1, flaws: [] });
        },
      ),
    );
  });

  it('passes over empty lines, and takes LF and CRLF mixed', () => {
    expect(scan('a,b\r\n1,2\n\n\r\n3,4\r\n\n')).toEqual({ header: ['a', 'b'], rows: 2, flaws: [] });
  });

  it('knows no header in nothing', () => {
    expect(scan('').header).toBeUndefined();
  });

  it.each([
    ['too few fields', 'a,b\n1,2\n1\n3,4', 'fields', 2],
    ['too many fields', 'a,b\n1,2\n1,2,3', 'fields', 2],
    ['a quote inside a field', 'a,b\n1,x"y"', 'stray-quote', 1],
    ['text after a quote', 'a,b\n1,"x"y', 'after-quote', 1],
    ['a carriage return alone', 'a,b\n1,x\ry\n', 'bare-return', 1],
    ['a quote that stays open', 'a,b\n1,2\n3,"x\n4,5\n', 'unclosed-quote', 2],
  ])('finds %s', (_name, text, flaw, row) => {
    expect(scan(text).flaws).toEqual([expect.objectContaining({ flaw, count: 1, rows: [row] })]);
    expect(scan(text, 1)).toEqual(scan(text));
  });

  it('counts all offenders and names the first ten', () => {
    const { flaws, rows } = scan(`a,b\n1,2\n${'1\n'.repeat(25)}3,4\n`);
    expect(rows).toBe(27);
    expect(flaws).toEqual([
      {
        flaw: 'fields',
        count: 25,
        rows: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        first: { row: 2, field: 1, line: 3 },
        fields: 1,
      },
    ]);
  });

  it('refuses an empty line before the header', () => {
    expect(scan('\na,b\n1,2').flaws.map(({ flaw }) => flaw)).toEqual(['blank-start']);
  });
});
