import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRows } from '../../../cli/rows.ts';

const two = [
  { a: 1, b: 'x' },
  { a: -2.5, b: null },
];

test.each([
  ['an array', JSON.stringify(two)],
  ['an array over several lines', JSON.stringify(two, null, 2)],
  ['an object with rows', JSON.stringify({ rows: two })],
  ['JSON lines', two.map((row) => JSON.stringify(row)).join('\n')],
  ['JSON lines with empty lines and CRLF', `${two.map((row) => JSON.stringify(row)).join('\r\n\r\n')}\r\n`],
  ['a byte order mark', `\uFEFF${JSON.stringify(two)}`],
])('%s', (_, text) => {
  expect(parseRows(text, 'f')).toEqual(two);
});

test('a single row', () => {
  expect(parseRows('{"a": true}', 'f')).toEqual([{ a: true }]);
});

test('a feature may be called rows', () => {
  expect(parseRows('{"rows": 3}', 'f')).toEqual([{ rows: 3 }]);
});

test.each([
  ['', 'f holds no rows'],
  ['[]', 'f holds no rows'],
  ['{"rows": []}', 'f holds no rows'],
  ['[1, 2]', 'f does not hold rows'],
  ['"text"', 'f does not hold rows'],
  ['[{"a": [1]}]', 'f does not hold rows'],
  ['{"a":1}\n{"a":', 'line 2 of f is not JSON'],
  ['{"a":1}\n[2]', 'line 2 of f does not hold rows'],
  ['a,b\n1,2', 'line 1 of f is not JSON'],
])('%j is refused', (text, message) => {
  expect(() => parseRows(text, 'f')).toThrow(message);
});

test('array and lines mean the same', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
  );
  const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__' && text !== 'rows');
  const rows = fc.array(fc.dictionary(name, value, { noNullPrototype: true }), { minLength: 2 });
  fc.assert(
    fc.property(rows, (given) => {
      const asArray = parseRows(JSON.stringify(given), 'f');
      expect(parseRows(given.map((row) => JSON.stringify(row)).join('\n'), 'f')).toEqual(asArray);
      expect(JSON.stringify(asArray)).toBe(JSON.stringify(given));
    }),
  );
});
