import { expect, it } from 'vitest';
import { spreadOf } from '../../../bench/spread.ts';

it.each([
  { values: [3], spread: { median: 3, minimum: 3, maximum: 3 } },
  { values: [9, 1, 2], spread: { median: 2, minimum: 1, maximum: 9 } },
  { values: [4, 1, 10, 2], spread: { median: 3, minimum: 1, maximum: 10 } },
])('the spread of $values', ({ values, spread }) => {
  expect(spreadOf(values)).toEqual(spread);
});

it('nothing has no spread', () => {
  expect(() => spreadOf([])).toThrow('at least one value');
});
