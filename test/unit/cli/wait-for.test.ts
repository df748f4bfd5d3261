import { expect, test } from 'vitest';
import { waitFor } from '../../../cli/client/wait-for.ts';

test('asks until there is an answer', async () => {
  let asked = 0;
  const answer = await waitFor('three', () => (++asked === 3 ? 'here' : undefined), {
    timeoutMs: 5000,
    intervalMs: 1,
  });
  expect([answer, asked]).toEqual(['here', 3]);
});

test('an answer may be false, zero or empty', async () => {
  expect(await waitFor('false', () => false, { timeoutMs: 10 })).toBe(false);
  expect(await waitFor('nothing', () => '', { timeoutMs: 10 })).toBe('');
});

test('a time-out says what was awaited and what was seen last', async () => {
  let asked = 0;
  const waiting = waitFor(
    'run 7 to end',
    (saw) => {
      saw({ state: 'running', asked: ++asked > 1 });
      return undefined;
    },
    { timeoutMs: 60, intervalMs: 20 },
  );
  await expect(waiting).rejects.toThrow(
    'waited 0.06 s for run 7 to end, in vain; last seen: {"state":"running","asked":true}',
  );
});

test('what the probe throws ends the wait', async () => {
  const failing = () => Promise.reject(new Error('the table is away'));
  await expect(waitFor('anything', failing, { timeoutMs: 60_000 })).rejects.toThrow('the table is away');
});

test('it can be called off', async () => {
  const stop = new AbortController();
  const waiting = waitFor('ever', () => undefined, {
    timeoutMs: 60_000,
    intervalMs: 30_000,
    signal: stop.signal,
  });
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});
