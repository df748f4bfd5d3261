import { codeSpans, tableOf } from '../docs/markdown.ts';
import type { Difference } from './template-differences.ts';

/** A row of the table in local/README.md. */
export interface DifferenceRow {
  readonly what: string;
  /** Of the environment entry; undefined where no value tells the difference. */
  readonly key: string | undefined;
  readonly local: string;
  readonly aws: string;
  /** Entries of the last column. */
  readonly templates: readonly string[];
}

export function differenceRows(text: string): DifferenceRow[] {
  return tableOf(text, 'What').map(([what = '', local = '', aws = '', templates = '']) => ({
    what,
    key: /^`(?<key>\w+)`$/.exec(what)?.groups?.['key'],
    local,
    aws,
    templates: codeSpans(templates),
  }));
}

/** The value that a cell of a value row begins with. */
export const valueOf = (cell: string): string | undefined =>
  /^`(?<value>[^`]+)`/.exec(cell)?.groups?.['value'];

/** Whether an entry of the table explains a difference. @throws for an entry that says nothing this can check */
export function explains(entry: string, difference: Difference): boolean {
  const only = /^(?<side>local|aws) only: (?<path>\S+)$/.exec(entry)?.groups;
  if (only) {
    return (
      difference.kind === 'only' &&
      difference.side === only['side'] &&
      isWithin(difference.path, only['path'] ?? '')
    );
  }
  const property = /^(?<path>\S+) (?<type>AWS::\w+::\w+)\.(?<property>\S+)$/.exec(entry)?.groups;
  if (!property) {
    throw new Error(
      `the entry '${entry}' is neither 'local only: <path>' nor '<path> AWS::<Service>::<Type>.<Property>'`,
    );
  }
  const [path, name] = [property['path'] ?? '', property['property'] ?? ''];
  return (
    difference.kind === 'property' &&
    difference.type === property['type'] &&
    (path === '*' || isWithin(difference.path, path)) &&
    (difference.property === name || difference.property.startsWith(`${name}.`))
  );
}

const isWithin = (path: string, outer: string): boolean => path === outer || path.startsWith(`${outer}/`);
