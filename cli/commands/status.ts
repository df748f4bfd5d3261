import { Command } from 'commander';
import { formatStatus } from '../format/status.ts';
import { withMillrace } from '../session.ts';
import type { Terminal } from '../terminal.ts';

const examples = `
Examples:
  millrace status
  millrace status breast-cancer --json`;

export function statusCommand(terminal: Terminal): Command {
  return new Command('status')
    .summary('where every project stands')
    .description('Show champion, challenger, dataset, training, drift and the last decision of each project.')
    .argument('[project]', 'only this one')
    .addHelpText('after', examples)
    .action((project: string | undefined, _options: unknown, command: Command) =>
      withMillrace(terminal, command, async (millrace, output) => {
        const status = await millrace.status(project);
        output.answer(status, () => formatStatus(status, new Date(), output.paint));
      }),
    );
}
