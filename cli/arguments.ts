import { InvalidArgumentError } from 'commander';

/** A model version: 1, 2, 3 … */
export function parseVersion(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidArgumentError(`'${text}' is no version: expected a whole number such as 2.`);
  }
  return Number(text);
}

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A span of time such as `30s`, `10m`, `2h` or `1d`, in milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = Object.entries(unitMs).find(([name]) => name === unit)?.[1];
  if (amount === undefined || factor === undefined) {
    throw new InvalidArgumentError(`'${text}' is no span of time: expected one such as 30s, 10m, 2h or 1d.`);
  }
  return Number(amount) * factor;
}

/** An instant: a span of time before `now`, or ISO 8601. */
export function parseSince(text: string, now: Date = new Date()): Date {
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const instant = new Date(text);
    if (!Number.isNaN(instant.getTime())) return instant;
  }
  return new Date(now.getTime() - parseDuration(text));
}

/** Why a person does it, kept with what is done. */
export function parseReason(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('it is empty: say why in a sentence.');
  return text.trim();
}
