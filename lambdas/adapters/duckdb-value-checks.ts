import { rulesOf, type Tally, type ValueRule } from '../domain/ingest/value-violations.ts';
import { asCount, type DuckDb } from './duckdb-database.ts';
import { double, listLiteral } from './duckdb-sql.ts';
import type { SourceColumn } from './duckdb-upload-source.ts';

interface Checked {
  readonly source: SourceColumn;
  readonly index: number;
  readonly rules: readonly ValueRule[];
}

/**
 * Checks every value by its column's rules in one pass of one aggregate query. Only when something is wrong does a
 * second pass number the rows and find the first offenders.
 */
export async function checkValues(
  database: DuckDb,
  from: string,
  columns: readonly SourceColumn[],
): Promise<{ rows: number; tallies: Tally[] }> {
  const checked = columns.map((source, index): Checked => ({ source, index, rules: rulesOf(source.column) }));
  const counts = checked.flatMap(({ index, rules }) =>
    rules.map((_, rule) => `count(*) FILTER (broken${index} = ${rule + 1}) AS count${index}_${rule}`),
  );
  const [totals] = await database.rows(
    `SELECT count(*) AS total, ${counts.join(', ')} FROM (${brokenRules(from, checked, {})})`,
  );
  const found = checked.flatMap(({ source, index, rules }) =>
    rules.flatMap((rule, code) => {
      const count = asCount(totals?.[`count${index}_${code}`]);
      return count > 0 ? [{ column: source.column, rule, code: code + 1, index, count }] : [];
    }),
  );
  const rows = asCount(totals?.['total']);
  if (found.length === 0) return { rows, tallies: [] };
  const affected = checked.filter(({ index }) => found.some((one) => one.index === index));
  const details = found.map(
    ({ index, code }) =>
      `min(row, 10) FILTER (broken${index} = ${code}) AS rows${index}_${code}, ` +
      `arg_min(shown${index}, row) FILTER (broken${index} = ${code}) AS example${index}_${code}`,
  );
  const numbered = brokenRules(from, affected, {
    row: 'row_number() OVER ()',
    ...Object.fromEntries(affected.map(({ source, index }) => [`shown${index}`, source.shown])),
  });
  const [first] = await database.rows(`SELECT ${details.join(', ')} FROM (${numbered})`);
  const tallies = found.map(({ column, rule, index, code, count }): Tally => {
    const places = first?.[`rows${index}_${code}`];
    const example = first?.[`example${index}_${code}`];
    return {
      column,
      rule,
      count,
      rows: Array.isArray(places) ? places.map(asCount) : [],
      example: typeof example === 'string' ? example : undefined,
    };
  });
  return { rows, tallies };
}

/** For each row and column the one-based number of the first rule that the value breaks, 0 where it keeps them all. */
function brokenRules(
  from: string,
  checked: readonly Checked[],
  extra: Readonly<Record<string, string>>,
): string {
  const read = checked.flatMap(({ source, index }) => [
    `${source.missing} AS missing${index}`,
    `${source.value} AS value${index}`,
  ]);
  const broken = checked.map(({ index, source, rules }) => {
    const whens = rules.map((rule, code) => `WHEN ${condition(rule, source, index)} THEN ${code + 1}`);
    return `CASE ${whens.join(' ')} ELSE 0 END AS broken${index}`;
  });
  const passed = Object.entries(extra).map(([name, sql]) => `${sql} AS ${name}`);
  return `SELECT ${[...broken, ...Object.keys(extra)].join(', ')} FROM (SELECT ${[...read, ...passed].join(', ')} FROM ${from})`;
}

function condition(rule: ValueRule, { column }: SourceColumn, index: number): string {
  switch (rule) {
    case 'not-null':
      return `missing${index}`;
    case 'type':
      return `NOT missing${index} AND value${index} IS NULL`;
    case 'minimum':
      return column.type === 'number' && column.minimum !== undefined
        ? `value${index} < ${double(column.minimum)}`
        : 'false';
    case 'maximum':
      return column.type === 'number' && column.maximum !== undefined
        ? `value${index} > ${double(column.maximum)}`
        : 'false';
    case 'category':
      return column.type === 'category' && column.values !== undefined
        ? `NOT list_contains(${listLiteral(column.values)}, value${index})`
        : 'false';
  }
}
