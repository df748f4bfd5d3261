import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '../../cli/client/connect.ts';
import { MillraceError } from '../../cli/client/millrace-error.ts';
import { deployIntoEmulator, type RunningCloud, startLocalCloud } from '../../local/local-cloud.ts';
import { LocalCloudError } from '../../local/loopback.ts';
import { answers, freePort } from '../../local/process.ts';
import { readArguments, type SuiteArguments } from './arguments.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = join(root, '.millrace/emulator-suite');

/** A cloud of the suite's own, or the application in an emulator that somebody else holds up. */
async function startCloud(
  { endpoint, sageMakerPort }: SuiteArguments,
  signal: AbortSignal,
): Promise<RunningCloud> {
  const say = (what: string): boolean => process.stderr.write(`${what}\n`);
  if (endpoint === undefined) {
    say('starting the local cloud');
    return startLocalCloud({ root, port: await freePort(), folder, signal });
  }
  if (!(await answers(`${endpoint}/_localstack/health`))) {
    throw new LocalCloudError(
      `nothing healthy answers at ${endpoint}: start the emulator there, or leave --endpoint out`,
    );
  }
  await requireEmpty(endpoint);
  const port = sageMakerPort ?? (await freePort());
  say(
    `deploying into ${endpoint}; its functions must have AWS_ENDPOINT_URL_SAGEMAKER=http://127.0.0.1:${port}`,
  );
  return deployIntoEmulator({ root, endpoint, sageMakerPort: port, folder, signal });
}

/** The suite begins before the first upload. @throws LocalCloudError when the application is deployed there already */
async function requireEmpty(endpoint: string): Promise<void> {
  try {
    (await connect({ endpoint })).close();
  } catch (error) {
    if (error instanceof MillraceError && error.message.includes('is not deployed')) return;
    throw error;
  }
  throw new LocalCloudError(
    `${endpoint} holds a deployment of Millrace already: restart the emulator, empty`,
  );
}

async function runVitest(cloud: RunningCloud, args: readonly string[], signal: AbortSignal): Promise<number> {
  // The chapters tell one story: after a failure the rest would only fail for want of what did not happen.
  const bail = args.some((arg) => arg.startsWith('--bail')) ? [] : ['--bail=1'];
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'emulator', ...bail, ...args],
    { cwd: root, stdio: 'inherit', env: { ...cloud.env, MILLRACE_SUITE_FOLDER: folder } },
  );
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/**
 * `npm run test:emulator`: deploys once, runs the chapters of `loop.test.ts` against it, and stops what it started.
 * Exits as vitest does.
 */
async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupt.abort());
  let cloud: RunningCloud | undefined;
  try {
    cloud = await startCloud(args, interrupt.signal);
    return await runVitest(cloud, args.vitest, interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return 130;
    throw error;
  } finally {
    await cloud?.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof LocalCloudError || error instanceof MillraceError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
