import { expect, test } from 'vitest';
import { parseDuration, parseReason, parseSince, parseVersion } from '../../../cli/arguments.ts';

test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '10', 'm', '-5m', '10 m', '10min', '1e3s', 'constructor'])(
  "'%s' is no span of time",
  (text) => {
    expect(() => parseDuration(text)).toThrow('expected one such as 30s');
  },
);

test('since is a span before now, or an instant', () => {
  const now = new Date('2026-11-21T08:00:00Z');
  expect(parseSince('10m', now).toISOString()).toBe('2026-11-21T07:50:00.000Z');
  expect(parseSince('2026-11-20T00:00:00Z', now).toISOString()).toBe('2026-11-20T00:00:00.000Z');
  expect(() => parseSince('yesterday', now)).toThrow("'yesterday' is no span of time");
  expect(() => parseSince('2026-13-45', now)).toThrow('is no span of time');
});

test('a version is a whole number from 1', () => {
  expect(parseVersion('12')).toBe(12);
  for (const text of ['0', '-1', '1.5', 'v2', '', '1e2', ' 3']) {
    expect(() => parseVersion(text)).toThrow('is no version');
  }
});

test('a reason says something', () => {
  expect(parseReason('  too many false alarms ')).toBe('too many false alarms');
  expect(() => parseReason('  ')).toThrow('say why');
});
