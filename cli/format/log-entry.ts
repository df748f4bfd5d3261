import type { LogEntry } from '../client/log-events.ts';
import type { Paint } from '../output.ts';
import { printable } from './printable.ts';

/** Time (UTC, to the millisecond), source and message; further lines of a message are indented under it. */
export function formatLogEntry({ at, source, message }: LogEntry, paint: Paint): string {
  const [first = '', ...further] = message.split(/\r?\n/).map(printable);
  const head = `${paint('dim', at.slice(11, 23))} ${paint('cyan', printable(source))} ${first}`;
  return [head, ...further.map((line) => `    ${line}`)].join('\n');
}
