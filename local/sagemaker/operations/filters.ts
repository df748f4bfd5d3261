/** Bounds as requests carry them, in seconds since the epoch. */
export function isWithin(
  milliseconds: number,
  after: number | undefined,
  before: number | undefined,
): boolean {
  return (
    (after === undefined || milliseconds >= after * 1000) &&
    (before === undefined || milliseconds <= before * 1000)
  );
}

/** SageMaker's NameContains, which does not regard case. */
export function nameMatches(name: string, part: string | undefined): boolean {
  return part === undefined || name.toLowerCase().includes(part.toLowerCase());
}
