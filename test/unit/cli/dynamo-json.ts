/** A value as DynamoDB spells it on the wire. */
export function attribute(value: unknown): object {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  return { M: item(value as Record<string, unknown>) };
}

export function item(record: Readonly<Record<string, unknown>>): Record<string, object> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, attribute(value)]));
}
