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

/** Bootstraps the empty account and deploys every stack by the ordinary CDK CLI. */
export async function deploy(options: DeployOptions): Promise<void> {
  await synthesize(options);
  await cdk(options, 'bootstrap', `aws://${localAccount}/${localRegion}`, '--app', options.output);
  await cdk(
    options,
    'deploy',
    '--all',
    '--app',
    options.output,
    '--concurrency',
    '4',
    '--require-approval',
    'never',
    // A change set is for a person to look at; this account is empty.
    '--method',
    'direct',
  );
}

/** The application for this machine, once: bootstrap and deployment read the same assembly. */
async function synthesize(options: DeployOptions): Promise<void> {
  await cdk(options, 'synth', '--quiet', '-c', 'env=local', '--output', options.output);
}

async function cdk({ root, env, logFile, signal }: DeployOptions, ...args: string[]): Promise<void> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(join(root, 'node_modules/.bin/cdk'), [...args, '--ci', '--no-color'], {
    cwd: root,
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
