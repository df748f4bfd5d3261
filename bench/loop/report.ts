import { spreadOf } from '../spread.ts';
import type { LoopFigures } from './figures.ts';
import { judgeGoals } from './goals.ts';

/** The result as Markdown, which reads well on a terminal too. */
export function loopReport(runs: readonly LoopFigures[], machine: readonly string[]): string {
  const [first] = runs;
  if (!first) throw new Error('a report needs at least one run');
  const figure = (label: string, unit: string, of: (run: LoopFigures) => number | undefined): string[] => {
    const { median, minimum, maximum } = spreadOf(runs.map((run) => of(run) ?? Number.NaN));
    const digits = unit === 's' ? 1 : 0;
    return [
      label,
      ...[median, minimum, maximum].map((value) => `${value.toFixed(digits)}${unit && ` ${unit}`}`),
    ];
  };
  const work = first.runs.flatMap(({ version }, index) => [
    figure(`state transitions, version ${version}`, '', (run) => run.runs[index]?.transitions),
    figure(`Lambda invocations, version ${version}`, '', (run) => run.runs[index]?.invocations),
    figure(`… and of traffic meanwhile`, '', (run) => run.runs[index]?.trafficInvocations),
  ]);
  return [
    '# The loop',
    '',
    ...machine.map((line) => `- ${line}`),
    `- ${runs.length} ${runs.length === 1 ? 'run' : 'runs'} of the whole story from a warm install`,
    '',
    '## Goals',
    '',
    ...table(
      ['', 'goal', 'measured'],
      judgeGoals(runs).map(({ met, goal, measured }) => [met ? 'met' : '**missed**', goal, measured]),
    ),
    '',
    '## Figures',
    '',
    ...table(
      ['', 'median', 'least', 'most'],
      [
        figure('up and deployed', 's', (run) => run.deployed),
        figure('upload → version 1 answering', 's', (run) => run.uploadToVersion1),
        figure('… of it training', 's', (run) => run.training1),
        figure('first changed request → version 2 answering', 's', (run) => run.shiftToVersion2),
        figure('drift detected → version 2 answering', 's', (run) => run.detectionToVersion2),
        figure('requests in this time', '', (run) => run.requests),
        ...work,
      ],
    ),
    '',
    'State transitions are the states that the executions of training and rollout entered, and further tries of tasks,',
    'in `GetExecutionHistory`: what Step Functions bills. Invocations are the `REPORT` lines in the functions’ log groups',
    'between the cause (the upload, or the first changed request) and the version’s full traffic; those of',
    '`serve-predictions` and `watch-predictions` are counted apart. Training time is SageMaker’s `TrainingTimeInSeconds`.',
    '',
    '## Steps',
    '',
    ...table(
      ['', 'median', 'least', 'most'],
      first.steps.map(({ name }, index) => figure(name, 's', (run) => run.steps[index]?.seconds)),
    ),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
