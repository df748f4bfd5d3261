import { defineProject, type ProjectInput } from '../../lambdas/contracts/project-definition.ts';

/** A small project with every kind of column; `overrides` replaces whole members. */
export function flowerProject(overrides: Partial<ProjectInput> = {}) {
  return defineProject({
    name: 'flowers',
    description: 'Which species a flower is of.',
    schema: {
      features: {
        petal_length: { type: 'number', minimum: 0, maximum: 10 },
        petal_width: { type: 'number', nullable: true },
        colour: { type: 'category', values: ['blue', 'white', 'violet, dark'] },
        note: { type: 'category', nullable: true },
      },
      target: { column: 'species', type: 'category', values: ['setosa', 'virginica'] },
    },
    gate: { primaryMetric: 'accuracy' },
    ...overrides,
  });
}

/** A row of the project as texts; an empty one is missing. */
export interface FlowerRow {
  petal_length: string;
  petal_width: string;
  colour: string;
  note: string;
  species: string;
}

export function flowerRow(number: number, overrides: Partial<FlowerRow> = {}): FlowerRow {
  return {
    petal_length: String((number % 100) / 10),
    petal_width: String(number / 7),
    colour: number % 2 === 0 ? 'blue' : 'white',
    note: '',
    species: number % 3 === 0 ? 'setosa' : 'virginica',
    ...overrides,
  };
}

export const flowerColumns = ['petal_length', 'petal_width', 'colour', 'note', 'species'] as const;

export function flowerRows(count: number): FlowerRow[] {
  return Array.from({ length: count }, (_, index) => flowerRow(index + 1));
}

/** RFC 4180 with every field quoted that needs it. */
export function flowerCsv(rows: readonly FlowerRow[], lineEnd = '\n'): string {
  const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => flowerColumns.map((column) => field(row[column])).join(','));
  return [flowerColumns.join(','), ...lines].map((line) => line + lineEnd).join('');
}

export function flowerJsonLines(rows: readonly FlowerRow[]): string {
  const value = (column: keyof FlowerRow, text: string) =>
    text === '' ? null : column.startsWith('petal') ? Number(text) : text;
  return rows
    .map(
      (row) =>
        `${JSON.stringify(Object.fromEntries(flowerColumns.map((name) => [name, value(name, row[name])])))}\n`,
    )
    .join('');
}
