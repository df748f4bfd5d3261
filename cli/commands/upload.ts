import { resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { parseDuration } from '../arguments.ts';
import type { Millrace } from '../client/connect.ts';
import { MillraceError } from '../client/millrace-error.ts';
import { waitFor } from '../client/wait-for.ts';
import { formatVerdict } from '../format/verdict.ts';
import type { Verdict } from '../format/verdict.ts';
import type { RawObject } from '../../lambdas/contracts/primitives.ts';
import { withMillrace } from '../session.ts';
import type { Terminal } from '../terminal.ts';

const examples = `
With --wait, a rejected upload prints its quarantine report and ends with exit code 1.

Examples:
  millrace upload breast-cancer measurements.csv
  millrace upload breast-cancer measurements.parquet --name 2026/week-47.parquet --wait`;

const uploadOptions = z.object({
  name: z.string().optional(),
  wait: z.boolean().default(false),
  timeout: z.number(),
});

export function uploadCommand(terminal: Terminal): Command {
  return new Command('upload')
    .summary('bring data to a project')
    .description('Upload a CSV, Parquet or JSON lines file, which is validated and may start a training.')
    .argument('<project>')
    .argument('<file>')
    .option('--name <name>', "name in the project's folder of the bucket (default: the file's)")
    .option('--wait', 'follow it until it is accepted or rejected')
    .option('--timeout <span>', 'wait no longer than this, as in 90s', parseDuration, 300_000)
    .addHelpText('after', examples)
    .action((project: string, file: string, given: unknown, command: Command) =>
      withMillrace(terminal, command, async (millrace, output) => {
        const { name, wait, timeout } = uploadOptions.parse(given);
        const raw = await millrace.upload(project, resolve(terminal.directory, file), { name });
        const where = `s3://${raw.bucket}/${raw.key} version ${raw.versionId}`;
        if (!wait) {
          output.answer(raw, () => `uploaded to ${where}`);
          return;
        }
        if (!output.json) output.line(`uploaded to ${where}`);
        const verdict = await followUpload(millrace, project, raw, timeout);
        output.answer(verdict, () => formatVerdict(verdict, output.paint));
        if (verdict.object.verdict === 'rejected') {
          throw new MillraceError(`${file} was rejected: mend what the report names and upload it again`);
        }
      }),
    );
}

async function followUpload(
  millrace: Millrace,
  project: string,
  raw: RawObject,
  timeoutMs: number,
): Promise<Verdict> {
  const object = await waitFor(
    `the verdict on ${raw.key}`,
    () => millrace.objectRecord(project, raw.key, raw.versionId),
    { timeoutMs },
  );
  const [dataset, report] = await Promise.all([
    millrace.datasetHead(project),
    object.reportUri === undefined ? undefined : millrace.quarantineReport(object.reportUri),
  ]);
  return { object, dataset, report };
}
