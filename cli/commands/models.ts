import { Command } from 'commander';
import { z } from 'zod';
import { parseReason, parseVersion } from '../arguments.ts';
import { formatModels } from '../format/models.ts';
import { withMillrace } from '../session.ts';
import type { Terminal } from '../terminal.ts';

const examples = `
Examples:
  millrace models breast-cancer
  millrace models approve breast-cancer 3 --reason "reviewed with the clinic"
  millrace models reject breast-cancer 4 --reason "trained on a broken sensor"`;

export function modelsCommand(terminal: Terminal): Command {
  return new Command('models')
    .summary("a project's model versions, and their approval")
    .description('List the model versions of a project, newest first, or approve or reject one.')
    .argument('<project>')
    .addHelpText('after', examples)
    .action((project: string, _options: unknown, command: Command) =>
      withMillrace(terminal, command, async (millrace, output) => {
        const versions = await millrace.versions(project);
        output.answer(versions, () => formatModels(project, versions, new Date(), output.paint));
      }),
    )
    .addCommand(decisionCommand(terminal, 'approve', 'approved'))
    .addCommand(decisionCommand(terminal, 'reject', 'rejected'));
}

const decisionOptions = z.object({ reason: z.string() });

function decisionCommand(terminal: Terminal, verb: 'approve' | 'reject', done: string): Command {
  const effect = verb === 'approve' ? ', which starts its rollout' : '';
  return new Command(verb)
    .description(`${verb === 'approve' ? 'Approve' : 'Reject'} a model version${effect}.`)
    .argument('<project>')
    .argument('<version>', 'as `millrace models` lists it', parseVersion)
    .requiredOption('--reason <sentence>', 'why, kept with the version', parseReason)
    .action((project: string, version: number, given: unknown, command: Command) =>
      withMillrace(terminal, command, async (millrace, output) => {
        const { reason } = decisionOptions.parse(given);
        await millrace[verb](project, version, reason);
        output.answer(
          { project, version, approval: done, reason },
          () => `${project} version ${version} is ${done}`,
        );
      }),
    );
}
