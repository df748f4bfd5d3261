import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '../..');
const READY_MS = 60_000;

export interface Ministack {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Ends the emulator's process and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts the emulator on a free loopback port. Throws, with its output, when it does not become healthy in a minute. */
export async function startMinistack(): Promise<Ministack> {
  const python = join(root, '.venv', 'bin', 'python');
  if (!existsSync(python)) throw new Error(`There is no Python environment at ${python}; run npm run setup`);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'millrace-ministack-'));
  // MiniStack itself, which also lets the local SageMaker send events as the service that it stands for.
  const program = join(root, 'local', 'sagemaker', 'emulator_with_sagemaker.py');
  const child = spawn(python, [program], {
    cwd: folder,
    env: environment(port),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    });
  }
  let ended = false;
  const exit = once(child, 'exit').then(() => {
    ended = true;
  });
  const stop = async (): Promise<void> => {
    if (!ended) {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exit;
      clearTimeout(killer);
    }
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + READY_MS;
  while (!(await isHealthy(endpoint))) {
    if (ended || Date.now() > deadline) {
      await stop();
      throw new Error(`The emulator did not become healthy on ${endpoint}:\n${output}`);
    }
    await delay(100);
  }
  return { endpoint, stop };
}

/** Nothing of the developer's AWS settings, and the Node of this repository for the emulator's Lambda processes. */
function environment(port: number): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(inherited),
    PATH: [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    BIND_HOST: '127.0.0.1',
    IOT_MTLS_ENABLED: '0',
    GATEWAY_PORT: String(port),
  };
}

async function isHealthy(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/_localstack/health`, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}
