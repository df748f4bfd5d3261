import { setTimeout as sleep } from 'node:timers/promises';
import { MillraceError } from './millrace-error.ts';

/**
 * Asks until there is an answer.
 * @param what names what is awaited in the message of a time-out: `run 7 to end`
 * @param probe gives the answer, or undefined to be asked again; it may tell `saw` what it saw instead.
 *   What it throws ends the wait.
 * @throws MillraceError after `timeoutMs`, with the last thing seen
 */
export async function waitFor<Answer>(
  what: string,
  probe: (saw: (seen: unknown) => void) => Promise<Answer | undefined> | Answer | undefined,
  options: { readonly timeoutMs: number; readonly intervalMs?: number; readonly signal?: AbortSignal },
): Promise<Answer> {
  const { timeoutMs, intervalMs = 500, signal } = options;
  const deadline = performance.now() + timeoutMs;
  let lastSeen: unknown;
  for (;;) {
    const answer = await probe((seen) => {
      lastSeen = seen;
    });
    if (answer !== undefined) return answer;
    const left = deadline - performance.now();
    if (left <= 0) {
      throw new MillraceError(
        `waited ${timeoutMs / 1000} s for ${what}, in vain; last seen: ${describe(lastSeen)}`,
      );
    }
    await sleep(Math.min(intervalMs, left), undefined, { signal });
  }
}

function describe(seen: unknown): string {
  if (seen === undefined) return 'nothing';
  return typeof seen === 'string' ? seen : JSON.stringify(seen);
}
