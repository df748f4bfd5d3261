import { readFile } from 'node:fs/promises';
import { StopTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identify } from '../../local/sagemaker/training/process-identity.ts';
import { violationsOf } from './support/recorder.ts';
import { BUCKET, createWorld, eventually } from './support/world.ts';
import type { World } from './support/world.ts';

/** Saves what it has when it is told to stop, and has a child that outlives it if it may. */
const POLITE = `
import pathlib, signal, subprocess, sys, time
child = subprocess.Popen(["sleep", "600"])
pathlib.Path("checkpoints/child").write_text(str(child.pid))
def stop(*_):
    pathlib.Path("model/saved").write_text("on SIGTERM")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
time.sleep(600)
`;

const STUBBORN = `
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(600)
`;

describe('stopping training jobs', () => {
  let world: World;
  const stop = (name: string) => world.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));
  const logged = (name: string, line: string) =>
    eventually(async () => {
      const text = await readFile(`${world.stateDir}/jobs/${name}/training.log`, 'utf8').catch(() => '');
      return text.includes(line) || undefined;
    });

  beforeAll(async () => {
    world = await createWorld({ stopGraceSeconds: 1 });
  });
  afterAll(async () => {
    const violations = await violationsOf(world.exchanges);
    await world.stop();
    expect(violations).toEqual([]);
  });

  test('StopTrainingJob lets the code save its model, ends all it started, and tells every step', async () => {
    const image = await world.image('polite', POLITE);
    const arn = await world.createJob({
      TrainingJobName: 'polite',
      image,
      CheckpointConfig: { S3Uri: `s3://${BUCKET}/polite-checkpoints` },
    });
    await logged('polite', 'ready');
    await stop('polite');
    const job = await world.finish('polite');
    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' });
    expect(await world.unpack('out/polite/output/model.tar.gz')).toEqual({ saved: 'on SIGTERM' });
    const child = Number(await readFile(`${world.stateDir}/jobs/polite/ml/checkpoints/child`, 'utf8'));
    expect(identify(child).startedAt).toBe('ended');
    expect(await world.keys('polite-checkpoints/')).toEqual(['polite-checkpoints/child']);

    const events = await world.eventsOf(
      arn,
      (found) => found.at(-1)?.detail['SecondaryStatus'] === 'Stopped',
    );
    expect(events.map(({ detail }) => detail['TrainingJobStatus'])).toEqual([
      'InProgress',
      'InProgress',
      'InProgress',
      'Stopping',
      'Stopped',
    ]);
    await expect(stop('polite')).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('in status Stopped'),
    });
  });

  test('a job over its MaxRuntimeInSeconds is stopped, by force when it does not listen', async () => {
    const image = await world.image('stubborn', STUBBORN);
    await world.createJob({
      TrainingJobName: 'stubborn',
      image,
      StoppingCondition: { MaxRuntimeInSeconds: 1 },
    });
    const job = await world.finish('stubborn');
    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
    expect(job.TrainingTimeInSeconds).toBeGreaterThanOrEqual(2);
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual([
      'Starting',
      'Downloading',
      'Training',
      'Stopping',
      'MaxRuntimeExceeded',
    ]);
  });

  test('jobs beyond the slots wait as Pending, run in turn, and can be stopped while they wait', async () => {
    const image = await world.image('polite', POLITE);
    const quick = await world.image('quick', '');
    await world.createJob({ TrainingJobName: 'first', image });
    await world.createJob({ TrainingJobName: 'second', image: quick });
    await world.createJob({ TrainingJobName: 'third', image: quick });
    await world.reach('second', 'Pending');
    await stop('third');
    expect(await world.finish('third')).toMatchObject({
      TrainingJobStatus: 'Stopped',
      SecondaryStatus: 'Stopped',
    });
    await world.reach('first', 'Training');
    await stop('first');
    const second = await world.finish('second');
    expect(second.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual([
      'Pending',
      'Starting',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ]);
  });
});
