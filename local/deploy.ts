import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { localAccount, localRegion } from './cloud-environment.ts';
import { LocalCloudError } from './loopback.ts';

export interface DeployOptions {
  readonly root: string;
  /** From `cloudEnvironment`: what keeps the CLI away from real AWS. */
  readonly env: Record<string, string>;
  readonly logFile: string;
  /** Folder for the synthesized templates and assets. */
  readonly output: string;
  readonly signal?: AbortSignal;
}

/** Bootstraps the empty account while the application is synthesized, then deploys every stack: the ordinary CDK CLI. */
export async function deploy(options: DeployOptions): Promise<void> {
  const { root, output } = options;
  await Promise.all([
    // Away from cdk.json: bootstrapping needs no application, and would synthesize it once more.
    cdk(options, dirname(options.logFile), 'bootstrap', `aws://${localAccount}/${localRegion}`),
    cdk(options, root, 'synth', '--quiet', '-c', 'env=local', '--output', output),
  ]);
  // A change set is for a person to look at; this account is empty.
  const unattended = ['--require-approval', 'never', '--method', 'direct'];
  await cdk(options, root, 'deploy', '--all', '--app', output, '--concurrency', '4', ...unattended);
}

async function cdk(
  { root, env, logFile, signal }: DeployOptions,
  cwd: string,
  ...args: string[]
): Promise<void> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(join(root, 'node_modules/.bin/cdk'), [...args, '--ci', '--no-color'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const [code] = (await once(child, 'close')) as [number | null];
  log.end();
  await once(log, 'close');
  if (code === 0) return;
  const tail = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-3).join('\n  ');
  throw new LocalCloudError(`cdk ${args[0] ?? ''} failed; the whole of it is in ${logFile}:\n  ${tail}`);
}
