import { Command } from 'commander';
import { z } from 'zod';
import { parseSince } from '../arguments.ts';
import { formatLogEntry } from '../format/log-entry.ts';
import { withMillrace } from '../session.ts';
import type { Terminal } from '../terminal.ts';

const examples = `
With --json each line is a JSON document of its own.

Examples:
  millrace logs --since 2h
  millrace logs breast-cancer --follow
  millrace logs --function ingest --since 2026-11-21T08:00:00Z`;

const logsOptions = z.object({
  follow: z.boolean().default(false),
  since: z.date().optional(),
  function: z.string().optional(),
});

export function logsCommand(terminal: Terminal): Command {
  return new Command('logs')
    .summary('what functions and trainings wrote')
    .description('Print the lines of all functions and training jobs, merged by time.')
    .argument('[project]', 'only its trainings, and the lines that name it')
    .option('-f, --follow', 'wait for further lines, until Ctrl-C')
    .option('--since <when>', 'a span such as 10m, or an instant (default: 10m)', (text) => parseSince(text))
    .option('--function <name>', 'only functions whose name contains this')
    .addHelpText('after', examples)
    .action((project: string | undefined, given: unknown, command: Command) =>
      withMillrace(terminal, command, async (millrace, output) => {
        for await (const entry of millrace.logs(project, logsOptions.parse(given))) {
          output.line(output.json ? JSON.stringify(entry) : formatLogEntry(entry, output.paint));
        }
      }),
    );
}
