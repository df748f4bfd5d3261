/** Says what a JSON value is, for a sentence: `the text "abc"`, `12`, `a list`. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `the text ${JSON.stringify(shorten(value))}`;
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Cuts what a caller sent to a length that a sentence bears. */
export function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

/** `'a', 'b' and 7 more` */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `'${shorten(name)}'`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
