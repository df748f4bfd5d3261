import type { RuleViolation } from '../../contracts/quarantine-report.ts';
import type { WantedColumn } from './columns.ts';

/** The rules that are checked value by value. */
export type ValueRule = 'not-null' | 'type' | 'minimum' | 'maximum' | 'category';

/** How often a column broke a rule, and where first. */
export interface Tally {
  readonly column: WantedColumn;
  readonly rule: ValueRule;
  readonly count: number;
  /** One-based data rows, rising, at most ten. */
  readonly rows: readonly number[];
  /** First offending value as it stands in the file; undefined where it is missing. */
  readonly example: string | undefined;
}

/** Rules that a column's values have to keep, in the order in which they are looked at: a value breaks one at most. */
export function rulesOf(column: WantedColumn): ValueRule[] {
  const notNull: ValueRule[] = column.nullable ? [] : ['not-null'];
  if (column.type === 'category')
    return [...notNull, 'type', ...(column.values ? ['category' as const] : [])];
  return [
    ...notNull,
    'type',
    ...(column.minimum === undefined ? [] : ['minimum' as const]),
    ...(column.maximum === undefined ? [] : ['maximum' as const]),
  ];
}

export function valueViolation({ column, rule, count, rows, example }: Tally): RuleViolation {
  const shown = example?.slice(0, 80);
  return {
    rule,
    column: column.name,
    rows: [...rows],
    count,
    ...(shown === undefined ? {} : { example: shown }),
    message: `column '${column.name}', ${where(count, rows)}: ${complaint(column, rule, shown)}`,
  };
}

function where(count: number, rows: readonly number[]): string {
  if (count === 1) return `row ${rows[0] ?? '?'}`;
  return `${count} rows, first ${rows.join(', ')}`;
}

function complaint(column: WantedColumn, rule: ValueRule, example: string | undefined): string {
  const got = `got '${example ?? ''}'`;
  switch (rule) {
    case 'not-null':
      return 'the value is missing; fill it in, or declare the column nullable';
    case 'type':
      return column.type === 'number'
        ? `${got}, expected a finite decimal number such as 12.5; leave missing values empty`
        : `${got}, expected a single value, not a list or an object`;
    case 'minimum':
      return `${got}, expected at least ${column.type === 'number' ? column.minimum : ''}`;
    case 'maximum':
      return `${got}, expected at most ${column.type === 'number' ? column.maximum : ''}`;
    case 'category':
      return `${got}, expected one of ${listedValues(column)}`;
  }
}

function listedValues(column: WantedColumn): string {
  const values = column.type === 'category' ? (column.values ?? []) : [];
  const shown = values.slice(0, 20).map((value) => `'${value}'`);
  return values.length > shown.length
    ? `${shown.join(', ')} and ${values.length - shown.length} more`
    : shown.join(', ');
}
