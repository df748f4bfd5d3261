import { join } from 'node:path';
import { cloudEnvironment } from './cloud-environment.ts';
import { answers, type Service, startService } from './process.ts';

export interface EmulatorOptions {
  readonly root: string;
  readonly port: number;
  /** Given to functions, so that their SageMaker client finds the local one. */
  readonly sageMakerEndpoint?: string;
  readonly logFile: string;
}

export interface Emulator extends Service {
  readonly endpoint: string;
}

/** Starts the AWS emulator on a loopback port. Its state is in memory: each start is an empty account. */
export async function startEmulator({
  root,
  port,
  sageMakerEndpoint,
  logFile,
}: EmulatorOptions): Promise<Emulator> {
  const endpoint = `http://127.0.0.1:${port}`;
  const service = await startService({
    name: 'the AWS emulator',
    command: join(root, '.venv/bin/python'),
    // MiniStack, which lets the local SageMaker announce as the service that it stands for.
    args: [join(root, 'local/ministack_for_millrace.py')],
    cwd: root,
    logFile,
    env: {
      ...cloudEnvironment(root, { endpoint, ...(sageMakerEndpoint !== undefined && { sageMakerEndpoint }) }),
      GATEWAY_PORT: String(port),
      // It would listen on every interface and open an MQTT port besides.
      BIND_HOST: '127.0.0.1',
      IOT_MTLS_ENABLED: '0',
      LAMBDA_EXECUTOR: 'local',
      LOG_LEVEL: 'INFO',
    },
    ready: () => answers(`${endpoint}/_ministack/health`),
  });
  return { ...service, endpoint };
}
