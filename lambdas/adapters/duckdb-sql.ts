/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a quoted SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A finite number as an SQL DOUBLE, exactly: JavaScript spells the shortest decimal that reads back as the same. */
export function double(value: number): string {
  return `CAST(${literal(String(value))} AS DOUBLE)`;
}

/** Texts as an SQL list literal. */
export function listLiteral(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}
