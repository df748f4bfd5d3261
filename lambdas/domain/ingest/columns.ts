import type { RuleViolation } from '../../contracts/quarantine-report.ts';
import type { Feature, ProjectSchema, Target } from '../../contracts/project-definition.ts';

/** One column that the project wants, with the rules for its values. */
export type WantedColumn =
  | {
      readonly name: string;
      readonly type: 'number';
      readonly nullable: boolean;
      readonly minimum: number | undefined;
      readonly maximum: number | undefined;
    }
  | {
      readonly name: string;
      readonly type: 'category';
      readonly nullable: boolean;
      /** Any text when undefined. */
      readonly values: readonly string[] | undefined;
    };

/** The features in the schema's order, and the target last: the columns of every derived file. */
export function wantedColumns({ features, target }: ProjectSchema): WantedColumn[] {
  return [
    ...Object.entries(features).map(([name, feature]) => wanted(name, feature)),
    wanted(target.column, { ...target, nullable: false }),
  ];
}

function wanted(name: string, rules: Feature | (Target & { nullable: boolean })): WantedColumn {
  const { nullable } = rules;
  return rules.type === 'number'
    ? { name, type: 'number', nullable, minimum: rules.minimum, maximum: rules.maximum }
    : { name, type: 'category', nullable, values: rules.values };
}

/**
 * Wanted columns that a file with a header lacks or has twice. Columns that nobody wants are ignored.
 * @param present the file's columns in its order; names are case-sensitive
 */
export function columnViolations(
  columns: readonly WantedColumn[],
  present: readonly string[],
): RuleViolation[] {
  const came = `the file has ${listed(present)}`;
  return columns.flatMap(({ name }): RuleViolation[] => {
    const times = present.filter((other) => other === name).length;
    if (times === 1) return [];
    const alike = present.find((other) => other.trim().toLowerCase() === name.toLowerCase());
    const hint = alike === undefined ? '' : `; did you mean '${alike}'? Names are compared exactly`;
    const message =
      times === 0
        ? `column '${name}' is missing: ${came}; add the column${hint}`
        : `column '${name}' is there ${times} times, expected once: ${came}; keep one of them`;
    return [{ rule: 'columns', column: name, rows: [], count: 1, message }];
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 40).map((name) => `'${name.slice(0, 80)}'`);
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ') || 'no columns';
}
