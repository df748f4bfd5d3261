import type { PlainAnswer } from '../../lambdas/contracts/plain-rows.ts';
import type { Paint } from '../output.ts';
import { table } from './table.ts';

/** A line for each row, and who answered. */
export function formatPredictions(answer: PlainAnswer, paint: Paint): string {
  const { predictions } = answer;
  const classes = [
    ...new Set(predictions.flatMap((each) => ('label' in each ? Object.keys(each.probabilities) : []))),
  ];
  const headings = ['ROW', 'PREDICTION', ...classes.map((name) => `P(${name})`)];
  const rows = predictions.map((each, index) =>
    'label' in each
      ? [index + 1, each.label, ...classes.map((name) => each.probabilities[name]?.toFixed(4))]
      : [index + 1, each.value],
  );
  return (
    `${table(headings, rows, paint)}\n\n` +
    paint('dim', `${answer.model} version ${answer.version}, inference ${answer.inferenceId}`)
  );
}
