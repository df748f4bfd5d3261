import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptsConnections, type Service, startService } from './process.ts';

export interface LocalSageMakerOptions {
  readonly root: string;
  readonly port: number;
  readonly emulatorEndpoint: string;
  /** Emptied first: a fresh emulator has no packages, so neither may the registry. */
  readonly stateDir: string;
  readonly env: Record<string, string>;
  readonly logFile: string;
}

/** Starts the local SageMaker server; the trainer's image stands for the trainer in this checkout. */
export async function startLocalSageMaker(options: LocalSageMakerOptions): Promise<Service> {
  const { root, port, emulatorEndpoint, stateDir, env, logFile } = options;
  rmSync(stateDir, { recursive: true, force: true });
  mkdirSync(stateDir, { recursive: true });
  const images = join(stateDir, 'images.json');
  writeFileSync(
    images,
    JSON.stringify({
      trainer: {
        command: [join(root, '.venv/bin/python'), '-m', 'millrace_trainer'],
        env: { PYTHONPATH: join(root, 'containers/trainer') },
      },
    }),
  );
  return startService({
    name: 'the local SageMaker server',
    command: join(root, 'node_modules/.bin/node'),
    args: [
      join(root, 'local/sagemaker/main.ts'),
      '--port',
      String(port),
      '--state',
      join(stateDir, 'state'),
      '--emulator',
      emulatorEndpoint,
      '--images',
      images,
    ],
    cwd: root,
    env,
    logFile,
    ready: () => acceptsConnections(port),
  });
}
