import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../cli/client/connect.ts';
import type { LocalCloud } from '../lambdas/contracts/deployment.ts';
import { cloudEnvironment, localRegion } from './cloud-environment.ts';
import { deploy } from './deploy.ts';
import { registerLocalTrainer } from './local-images.ts';
import { startEmulator } from './emulator.ts';
import { startLocalSageMaker } from './local-sagemaker.ts';
import { LocalCloudError } from './loopback.ts';
import { freePort, portIsFree } from './process.ts';

export interface LocalCloudOptions {
  readonly root: string;
  /** Port of the emulator. */
  readonly port: number;
  /** Folder for state, logs and templates. @default `.millrace` of the checkout */
  readonly folder?: string;
  /** Told as each part begins. */
  readonly onPhase?: (phase: 'emulator' | 'deploy') => void;
  readonly signal?: AbortSignal;
}

export interface RunningCloud extends LocalCloud {
  /** The environment for further processes of this cloud. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts emulator and SageMaker server and deploys the application into them. What was started is stopped on failure. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<RunningCloud> {
  const { root, port, onPhase } = options;
  const folder = options.folder ?? join(root, '.millrace');
  if (!(await portIsFree(port))) {
    throw new LocalCloudError(
      `port ${port} is taken by another program: stop it, or choose another one with \`npm start -- --port <number>\``,
    );
  }
  onPhase?.('emulator');
  const sageMakerPort = await freePort();
  const emulator = await startEmulator({
    root,
    port,
    sageMakerEndpoint: `http://127.0.0.1:${sageMakerPort}`,
    logFile: join(folder, 'logs/emulator.log'),
  });
  try {
    const cloud = await deployIntoEmulator({
      ...options,
      folder,
      endpoint: emulator.endpoint,
      sageMakerPort,
    });
    return {
      ...cloud,
      stop: async () => {
        await cloud.stop();
        await emulator.stop();
      },
    };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

export interface DeployIntoEmulatorOptions extends Omit<LocalCloudOptions, 'port' | 'folder'> {
  /** Of an emulator that runs. Its functions must have been told `http://127.0.0.1:<sageMakerPort>` for SageMaker. */
  readonly endpoint: string;
  readonly sageMakerPort: number;
  readonly folder: string;
}

/** Starts the SageMaker server beside an emulator and deploys the application; `stop` leaves the emulator running. */
export async function deployIntoEmulator(options: DeployIntoEmulatorOptions): Promise<RunningCloud> {
  const { root, endpoint, sageMakerPort, folder, onPhase, signal } = options;
  const sageMakerEndpoint = `http://127.0.0.1:${sageMakerPort}`;
  const env = cloudEnvironment(root, { endpoint, sageMakerEndpoint });
  const log = (name: string): string => join(folder, 'logs', `${name}.log`);
  const sageMaker = await startLocalSageMaker({
    root,
    port: sageMakerPort,
    emulatorEndpoint: endpoint,
    stateDir: join(folder, 'sagemaker'),
    env,
    logFile: log('sagemaker'),
  });
  const descriptor = join(folder, 'local.json');
  const stop = async (): Promise<void> => {
    rmSync(descriptor, { force: true });
    await sageMaker.stop();
  };
  try {
    onPhase?.('deploy');
    rmSync(log('deploy'), { force: true });
    await deploy({
      root,
      env,
      logFile: log('deploy'),
      output: join(folder, 'cdk.out'),
      ...(signal && { signal }),
    });
    const prefix = 'millrace-local';
    const deployed = await connect({ endpoint, sageMakerEndpoint, prefix, cwd: folder });
    deployed.close();
    await registerLocalTrainer(root, endpoint, deployed.outputs.training.TrainerImage);
    const cloud: LocalCloud = {
      prefix,
      region: localRegion,
      endpoint,
      sageMakerEndpoint,
      pid: process.pid,
    };
    mkdirSync(folder, { recursive: true });
    writeFileSync(descriptor, JSON.stringify(cloud));
    return { ...cloud, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
