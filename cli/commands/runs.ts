import { Command } from 'commander';
import { requireProject } from '../client/connection.ts';
import { formatRuns } from '../format/runs.ts';
import { withMillrace } from '../session.ts';
import type { Terminal } from '../terminal.ts';

const examples = `
Examples:
  millrace runs breast-cancer
  millrace runs breast-cancer --json`;

export function runsCommand(terminal: Terminal): Command {
  return new Command('runs')
    .summary("a project's trainings")
    .description('List the training runs of a project, newest first, with their outcome and its reasons.')
    .argument('<project>')
    .addHelpText('after', examples)
    .action((project: string, _options: unknown, command: Command) =>
      withMillrace(terminal, command, async (millrace, output) => {
        requireProject(millrace, project);
        const runs = await millrace.runs(project);
        output.answer(runs, () => formatRuns(project, runs, new Date(), output.paint));
      }),
    );
}
