import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { messageOf } from './errors.ts';
import { imageMap, startSageMaker } from './index.ts';

const usage =
  'usage: node local/sagemaker/main.ts --state DIR --emulator http://127.0.0.1:4566 --images images.json [--port 0] [--region us-east-1] [--account 000000000000] [--max-concurrent-jobs 1] [--stop-grace-seconds 120]';

const settings = z.strictObject({
  port: z.coerce.number().int().min(0).max(65535),
  state: z.string().min(1),
  emulator: z.string().min(1),
  images: z.string().min(1),
  region: z.string().regex(/^[a-z0-9-]{9,16}$/),
  account: z.string().regex(/^\d{12}$/),
  'max-concurrent-jobs': z.coerce.number().int().min(1),
  'stop-grace-seconds': z.coerce.number().min(0),
});

function readSettings(): z.infer<typeof settings> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      state: { type: 'string' },
      emulator: { type: 'string' },
      images: { type: 'string' },
      region: { type: 'string', default: 'us-east-1' },
      account: { type: 'string', default: '000000000000' },
      'max-concurrent-jobs': { type: 'string', default: '1' },
      'stop-grace-seconds': { type: 'string', default: '120' },
    },
  });
  const parsed = settings.safeParse({ ...values });
  if (parsed.success) return parsed.data;
  throw new Error(`${z.prettifyError(parsed.error)}\n${usage}`);
}

/** The SDKs must find no key and no profile of the developer's, whatever they look for. */
function forceDummyCredentials(region: string): void {
  for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL']) {
    delete process.env[name];
  }
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  process.env['AWS_REGION'] = region;
}

async function main(): Promise<void> {
  const given = readSettings();
  forceDummyCredentials(given.region);
  const images = imageMap.parse(JSON.parse(readFileSync(given.images, 'utf8')));
  const running = await startSageMaker({
    stateDir: given.state,
    emulatorEndpoint: given.emulator,
    images,
    port: given.port,
    region: given.region,
    accountId: given.account,
    maxConcurrentJobs: given['max-concurrent-jobs'],
    stopGraceSeconds: given['stop-grace-seconds'],
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    running.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ listening: running.url })}\n`);
}

function fail(error: unknown): never {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

await main().catch(fail);
