import { Command } from 'commander';
import { z } from 'zod';
import { parseReason, parseVersion } from '../arguments.ts';
import { MillraceError } from '../client/millrace-error.ts';
import { printable } from '../format/printable.ts';
import { withMillrace } from '../session.ts';
import type { Terminal } from '../terminal.ts';

const examples = `
During a rollout this takes the challenger out of the traffic; else the champion's predecessor is champion again.

Examples:
  millrace rollback breast-cancer --reason "too many false alarms since noon"
  millrace rollback breast-cancer --to 2 --reason "back to the audited model"`;

const rollbackOptions = z.object({ to: z.number().optional(), reason: z.string() });

export function rollbackCommand(terminal: Terminal): Command {
  return new Command('rollback')
    .summary('the former model back')
    .description('Give the traffic back to a former version. Exit code 1 when nothing was rolled back.')
    .argument('<project>')
    .option('--to <version>', 'go back to this one', parseVersion)
    .requiredOption('--reason <sentence>', 'why, kept in the record', parseReason)
    .addHelpText('after', examples)
    .action((project: string, given: unknown, command: Command) =>
      withMillrace(terminal, command, async (millrace, output) => {
        const { to, reason } = rollbackOptions.parse(given);
        const answer = await millrace.rollBack({
          project,
          reason,
          ...(to !== undefined && { toVersion: to }),
        });
        if (output.json || answer.rolledBack) output.answer(answer, () => printable(answer.message));
        if (!answer.rolledBack) throw new MillraceError(`nothing was rolled back: ${answer.message}`);
      }),
    );
}
