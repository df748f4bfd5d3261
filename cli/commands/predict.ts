import { Command } from 'commander';
import { z } from 'zod';
import { parseVersion } from '../arguments.ts';
import { requireProject } from '../client/connection.ts';
import { formatPredictions } from '../format/predictions.ts';
import { readRows } from '../rows.ts';
import { withMillrace } from '../session.ts';
import type { Terminal } from '../terminal.ts';

const examples = `
Rows are a JSON array, {"rows": [...]}, a single row or JSON lines; a row gives each feature its value.

Examples:
  millrace predict breast-cancer --rows rows.json
  echo '{"meanRadius": 14.1, "meanTexture": 19.3}' | millrace predict breast-cancer --rows -
  millrace predict breast-cancer --rows rows.jsonl --curl`;

const predictOptions = z.object({
  rows: z.string(),
  modelVersion: z.number().optional(),
  session: z.string().optional(),
  sign: z.boolean().optional(),
  curl: z.boolean().default(false),
});

export function predictCommand(terminal: Terminal): Command {
  return new Command('predict')
    .summary('ask a model')
    .description("Send rows to a project's model over HTTP and print its predictions.")
    .argument('<project>')
    .requiredOption('--rows <file>', 'JSON or JSON lines; - for stdin')
    .option('--model-version <version>', 'ask this version, whatever the traffic', parseVersion)
    .option('--session <id>', 'be answered by one version for all requests with this id')
    .option('--no-sign', 'do not sign with the AWS credentials: the API is open')
    .option('--curl', 'print the curl command instead of sending the request')
    .addHelpText('after', examples)
    .action((project: string, given: unknown, command: Command) =>
      withMillrace(terminal, command, async (millrace, output) => {
        const options = predictOptions.parse(given);
        requireProject(millrace, project);
        const rows = await readRows(options.rows, terminal);
        const how = { version: options.modelVersion, session: options.session, sign: options.sign };
        if (options.curl) {
          const curl = millrace.curlOf(project, rows, how);
          output.answer({ curl }, () => curl);
          return;
        }
        const answer = await millrace.predict(project, rows, how);
        output.answer(answer, () => formatPredictions(answer, output.paint));
      }),
    );
}
