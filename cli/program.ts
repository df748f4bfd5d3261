import { Command, CommanderError } from 'commander';
import { explain } from './client/explain.ts';
import { logsCommand } from './commands/logs.ts';
import { modelsCommand } from './commands/models.ts';
import { predictCommand } from './commands/predict.ts';
import { retrainCommand } from './commands/retrain.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { runsCommand } from './commands/runs.ts';
import { statusCommand } from './commands/status.ts';
import { uploadCommand } from './commands/upload.ts';
import type { Terminal } from './terminal.ts';

const examples = `
Examples:
  millrace status                                   where every project stands
  millrace upload breast-cancer rows.csv --wait     new data, followed to its verdict
  millrace predict breast-cancer --rows rows.json   predictions, from a file
  millrace rollback breast-cancer --reason "..."    the former model back
  millrace status --env prod                        the same in AWS

Without --env it speaks to the local cloud that npm start holds up for this folder.
Set MILLRACE_DEBUG=1 to see stack traces.`;

/** The command line, with every command in it. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('millrace')
    .description('See and steer the models of a Millrace deployment, local or in AWS.')
    .option('--env <name>', 'environment: local, dev, staging or prod (default: the local cloud)')
    .option('--endpoint <url>', 'another local cloud or emulator, on this machine')
    .option('--json', 'answer in JSON')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => write(`millrace: ${text.replace(/^error: /, '')}`),
    })
    .addHelpText('after', examples);
  const commands = [
    statusCommand,
    uploadCommand,
    runsCommand,
    modelsCommand,
    predictCommand,
    rollbackCommand,
    retrainCommand,
    logsCommand,
  ];
  for (const create of commands) program.addCommand(create(terminal));
  // Settings are not inherited by commands that were made apart from the program.
  for (const command of everyCommand(program)) {
    if (command !== program) command.copyInheritedSettings(program);
    command.exitOverride();
  }
  return program;
}

/**
 * Runs the command line.
 * @param words without Node's path and the script's
 * @returns the exit code; every failure was told in one sentence on stderr
 */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has told of its own already; asking for help is none.
    if (error instanceof CommanderError) return error.exitCode;
    terminal.stderr.write(`millrace: ${explain(error)}\n`);
    if (terminal.debug && error instanceof Error) terminal.stderr.write(`${withCauses(error)}\n`);
    return 1;
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function withCauses(error: Error): string {
  const stack = error.stack ?? error.message;
  return error.cause instanceof Error ? `${stack}\ncaused by ${withCauses(error.cause)}` : stack;
}
