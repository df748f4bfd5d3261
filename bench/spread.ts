/** A figure over several runs, in its own unit. */
export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** @throws for no values */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, upper] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  const [minimum, maximum] = [sorted[0], sorted.at(-1)];
  if (lower === undefined || upper === undefined || minimum === undefined || maximum === undefined) {
    throw new Error('a spread needs at least one value, got none');
  }
  return { median: (lower + upper) / 2, minimum, maximum };
}
