import type { RuleViolation } from '../../contracts/quarantine-report.ts';
import type { CsvFlawTally } from './csv-scan.ts';

/** Says what is wrong with a CSV file's records. @param headerFields how many fields the header has */
export function csvViolation(tally: CsvFlawTally, headerFields: number): RuleViolation {
  const { rows, count, first } = tally;
  const place =
    first.row === 0 ? `the header` : `row ${first.row} (line ${first.line}), field ${first.field}`;
  const more = count > 1 ? ` (${count} rows are like that, first ${rows.join(', ')})` : '';
  return {
    rule: 'readable',
    rows: [...rows],
    count,
    message: `${place}: ${complaint(tally, headerFields)}${more}`,
  };
}

function complaint({ flaw, fields }: CsvFlawTally, headerFields: number): string {
  switch (flaw) {
    case 'blank-start':
      return 'an empty line stands before it; the header must be the first line';
    case 'fields':
      return (
        `has ${fields} fields, expected ${headerFields} as in the header; ` +
        'fields are parted by commas, and one that contains a comma or a line break stands in double quotes'
      );
    case 'stray-quote':
      return 'a double quote stands inside a field that does not begin with one; quote the field and double the quote';
    case 'after-quote':
      return 'text follows a closing double quote; inside a quoted field, a double quote is written twice';
    case 'bare-return':
      return 'a carriage return stands without a line feed; end lines with LF or CRLF, or quote the field';
    case 'unclosed-quote':
      return 'the file ends inside a quoted field; was it cut off, or is a double quote missing?';
  }
}
