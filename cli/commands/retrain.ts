import { Command } from 'commander';
import { z } from 'zod';
import { parseReason } from '../arguments.ts';
import { withMillrace } from '../session.ts';
import type { Terminal } from '../terminal.ts';

const examples = `
The retraining policy answers, and may say no; \`millrace status\` shows its answer and the reasons.

Examples:
  millrace retrain breast-cancer --reason "labels were corrected"`;

const retrainOptions = z.object({ reason: z.string() });

export function retrainCommand(terminal: Terminal): Command {
  return new Command('retrain')
    .summary('ask for a training')
    .description('Ask for a new training on the present dataset.')
    .argument('<project>')
    .requiredOption('--reason <sentence>', 'why, kept in the record', parseReason)
    .addHelpText('after', examples)
    .action((project: string, given: unknown, command: Command) =>
      withMillrace(terminal, command, async (millrace, output) => {
        const asked = await millrace.retrain(project, retrainOptions.parse(given).reason);
        output.answer(
          asked,
          () =>
            `asked for a retraining of ${project}; see the policy's answer with: millrace status ${project}`,
        );
      }),
    );
}
