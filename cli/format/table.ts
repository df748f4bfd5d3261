import type { Paint, Style } from '../output.ts';
import { printable } from './printable.ts';

/** A cell: text, or text with the style it is shown in. Numbers stand to the right. */
export type Cell = string | number | undefined | { readonly text: string; readonly style: Style };

/**
 * Rows under their headings, columns aligned by two spaces, one line each.
 * @param paint is applied after alignment, as colours have no width
 */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string {
  const texts = rows.map((row) => row.map(textOf));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...texts.map((row) => row[column]?.length ?? 0)),
  );
  const numeric = headings.map(
    (_, column) =>
      rows.some((row) => typeof row[column] === 'number') && rows.every((row) => isNumeric(row[column])),
  );
  const align = (text: string, column: number) => {
    const width = widths[column] ?? 0;
    if (numeric[column]) return text.padStart(width);
    // The last column is not padded: no line ends in spaces.
    return column === headings.length - 1 ? text : text.padEnd(width);
  };
  const lines = [
    paint('bold', headings.map(align).join('  ').trimEnd()),
    ...rows.map((row) =>
      row
        .map((cell, column) => {
          const aligned = align(textOf(cell), column);
          return typeof cell === 'object' ? paint(cell.style, aligned) : aligned;
        })
        .join('  ')
        .trimEnd(),
    ),
  ];
  return lines.join('\n');
}

function textOf(cell: Cell): string {
  if (cell === undefined || cell === '') return '-';
  return printable(typeof cell === 'object' ? cell.text : String(cell));
}

function isNumeric(cell: Cell): boolean {
  return cell === undefined || typeof cell === 'number';
}
