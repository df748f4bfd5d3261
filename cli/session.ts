import type { Command } from 'commander';
import { z } from 'zod';
import { connect } from './client/connect.ts';
import type { Millrace } from './client/connect.ts';
import { explain } from './client/explain.ts';
import { MillraceError } from './client/millrace-error.ts';
import { createOutput } from './output.ts';
import type { Output } from './output.ts';
import type { Terminal } from './terminal.ts';

const globalOptions = z.object({
  env: z.string().optional(),
  endpoint: z.string().optional(),
  json: z.boolean().default(false),
});

/**
 * Connects as the global options say, does the work, and lets go.
 * @throws MillraceError for whatever the work threw, so that it can be told in one sentence
 */
export async function withMillrace(
  terminal: Terminal,
  command: Command,
  work: (millrace: Millrace, output: Output) => Promise<void>,
): Promise<void> {
  const { env, endpoint, json } = globalOptions.parse(command.optsWithGlobals());
  const millrace = await connect({ env, endpoint, cwd: terminal.directory });
  try {
    await work(millrace, createOutput(terminal.stdout, json));
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw new MillraceError(explain(error, millrace.cloud), { cause: error });
  } finally {
    millrace.close();
  }
}
