import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  CreateTrainingJobCommand,
  DescribeModelPackageCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startSageMaker } from '../../local/sagemaker/index.ts';
import { identify } from '../../local/sagemaker/training/process-identity.ts';
import { createWorld, eventually } from './support/world.ts';
import type { World } from './support/world.ts';

const main = resolve(import.meta.dirname, '../../local/sagemaker/main.ts');

/** Tells its pid and sleeps for longer than any test. */
const SLEEPER = `
import os, pathlib, time
pathlib.Path("model/pid").write_text(str(os.getpid()))
print("asleep", flush=True)
time.sleep(600)
`;

describe('a server that starts again', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    await world.stop();
  });

  /** The server as `npm start` runs it: a process of its own. */
  async function startProcess(stateDir: string, emulator = world.endpoint) {
    await world.image('sleeper', SLEEPER);
    const images = join(world.folder, 'images.json');
    await writeFile(
      images,
      JSON.stringify({ sleeper: { command: ['python3', join(world.folder, 'sleeper.py')] } }),
    );
    const args = [
      main,
      '--state',
      stateDir,
      '--emulator',
      emulator,
      '--images',
      images,
      '--stop-grace-seconds',
      '1',
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const exit = once(child, 'exit');
    const lines = createInterface({ input: child.stdout });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString('utf8');
    });
    const first = await Promise.race([once(lines, 'line'), exit.then(() => undefined)]);
    if (first === undefined) return { child, exit, errors: () => errors };
    const { listening } = z.object({ listening: z.string() }).parse(JSON.parse(String(first[0])));
    const client = new SageMakerClient({
      endpoint: listening,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    return { child, exit, errors: () => errors, client };
  }

  const createSleeper = async (client: SageMakerClient, stateDir: string, name: string): Promise<number> => {
    await client.send(
      new CreateTrainingJobCommand({
        TrainingJobName: name,
        RoleArn: 'arn:aws:iam::000000000000:role/Trainer',
        AlgorithmSpecification: {
          TrainingImage: 'registry.local/team/sleeper@sha256:0',
          TrainingInputMode: 'File',
        },
        OutputDataConfig: { S3OutputPath: 's3://sagemaker-tests/out' },
        ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
        StoppingCondition: { MaxRuntimeInSeconds: 60 },
      }),
    );
    return eventually(async () => {
      const text = await readFile(join(stateDir, `jobs/${name}/ml/model/pid`), 'utf8').catch(() => '');
      return text === '' ? undefined : Number(text);
    });
  };
  /** A zombie that nobody has buried yet is gone, too. */
  const isGone = (pid: number): boolean => identify(pid).startedAt === 'ended';

  test('it keeps packages, groups and finished jobs', async () => {
    await world.sageMaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'kept' }));
    const create = () =>
      world.sageMaker.send(
        new CreateModelPackageCommand({ ModelPackageGroupName: 'kept', ClientToken: 'one' }),
      );
    const { ModelPackageArn } = await create();
    await world.sageMaker.send(
      new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Approved' }),
    );
    const describePackage = () =>
      world.sageMaker.send(new DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn }));
    const image = await world.image('quick', 'open("model/m", "w").write("m")');
    await world.createJob({ TrainingJobName: 'kept', image });
    const [{ $metadata: _, ...before }, { $metadata: __, ...job }] = [
      await describePackage(),
      await world.finish('kept'),
    ];
    await world.restart();
    expect(await describePackage()).toMatchObject(before);
    expect(await world.finish('kept')).toMatchObject(job);
    expect((await create()).ModelPackageArn).toBe(ModelPackageArn);
    const next = await world.sageMaker.send(new CreateModelPackageCommand({ ModelPackageGroupName: 'kept' }));
    expect(next.ModelPackageArn).toMatch(/kept\/2$/);
  });

  test('events that the bus did not take are sent after the restart', async () => {
    const offline = await startSageMaker({
      stateDir: join(world.folder, 'offline'),
      // A port that nothing listens on: the bus is away.
      emulatorEndpoint: 'http://127.0.0.1:9',
      images: {},
      log: () => undefined,
    });
    const client = new SageMakerClient({
      endpoint: offline.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'late' }));
    const { ModelPackageArn = '' } = await client.send(
      new CreateModelPackageCommand({ ModelPackageGroupName: 'late' }),
    );
    await client.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Approved' }));
    await offline.stop();
    const online = await startSageMaker({
      stateDir: join(world.folder, 'offline'),
      emulatorEndpoint: world.endpoint,
      images: {},
      log: () => undefined,
    });
    const events = await world.eventsOf(ModelPackageArn, (found) => found.length >= 2);
    await online.stop();
    expect(events.map(({ detail }) => detail['ModelApprovalStatus'])).toEqual([
      'PendingManualApproval',
      'Approved',
    ]);
  });

  test('after a crash the running job has failed and its process is gone', async () => {
    const stateDir = join(world.folder, 'crashed');
    const first = await startProcess(stateDir);
    if (first.client === undefined) throw new Error(first.errors());
    const pid = await createSleeper(first.client, stateDir, 'orphan');
    first.child.kill('SIGKILL');
    await first.exit;
    expect(isGone(pid)).toBe(false);

    const second = await startProcess(stateDir);
    if (second.client === undefined) throw new Error(second.errors());
    const job = await second.client.send(new DescribeTrainingJobCommand({ TrainingJobName: 'orphan' }));
    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed' });
    expect(job.FailureReason).toMatch(/^InternalServerError: /);
    await eventually(async () => isGone(pid) || undefined);
    const events = await world.eventsOf(
      job.TrainingJobArn ?? '',
      (found) => found.at(-1)?.detail['TrainingJobStatus'] === 'Failed',
    );
    expect(events.length).toBeGreaterThanOrEqual(2);
    second.child.kill('SIGTERM');
    expect(await second.exit).toEqual([0, null]);
  });

  test('SIGTERM ends the running job and the server, with exit code 0', async () => {
    const stateDir = join(world.folder, 'ended');
    const server = await startProcess(stateDir);
    if (server.client === undefined) throw new Error(server.errors());
    const pid = await createSleeper(server.client, stateDir, 'short');
    server.child.kill('SIGTERM');
    expect(await server.exit).toEqual([0, null]);
    expect(isGone(pid)).toBe(true);
  });

  test('it refuses an emulator that is not on this machine, and a state folder that is in use', async () => {
    const far = await startProcess(join(world.folder, 'far'), 'https://sagemaker.us-east-1.amazonaws.com');
    expect(await far.exit).toEqual([1, null]);
    expect(far.errors()).toMatch(
      /^https:\/\/sagemaker\.us-east-1\.amazonaws\.com is not on this machine: .*\n$/,
    );

    const second = await startProcess(world.stateDir);
    expect(await second.exit).toEqual([1, null]);
    expect(second.errors()).toMatch(/is in use by the local SageMaker of process \d+/);
  });
});
