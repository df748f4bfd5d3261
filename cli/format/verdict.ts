import type { DatasetHead, ObjectRecord } from '../../lambdas/contracts/ledger.ts';
import type { QuarantineReport, RuleViolation } from '../../lambdas/contracts/quarantine-report.ts';
import type { Paint } from '../output.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';

export interface Verdict {
  readonly object: ObjectRecord;
  readonly dataset: DatasetHead | undefined;
  /** Of a rejected upload. */
  readonly report: QuarantineReport | undefined;
}

/** What became of an upload; for a rejected one a row for each broken rule. */
export function formatVerdict({ object, dataset, report }: Verdict, paint: Paint): string {
  switch (object.verdict) {
    case 'accepted':
      return `${paint('green', 'accepted')}: ${object.rows ?? 0} rows, the dataset now has ${dataset?.rows ?? 0}`;
    case 'duplicate':
      return `${paint('yellow', 'duplicate')}: these bytes were accepted before, nothing changed`;
    case 'rejected': {
      const head = `${paint('red', 'rejected')}: the raw object stays, nothing was trained on it`;
      if (!report) return [head, ...object.reasons.map((reason) => `  ${printable(reason)}`)].join('\n');
      const rows = report.violations.map((violation) => [
        rowsText(violation),
        violation.column,
        violation.rule,
        violation.message,
      ]);
      return `${head}\n\n${table(['ROW', 'COLUMN', 'RULE', 'WHAT'], rows, paint)}`;
    }
  }
}

/** `3, 17, 20 … (120 rows)`; nothing for a rule about the whole file. */
function rowsText({ rows, count }: RuleViolation): string | undefined {
  if (rows.length === 0) return undefined;
  const shown = rows.slice(0, 5).join(', ');
  return count > Math.min(rows.length, 5) ? `${shown} … (${count} rows)` : shown;
}
