import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from './support/recorder.ts';
import { BUCKET, createWorld, eventually } from './support/world.ts';
import type { World } from './support/world.ts';

/** Writes a model that tells what the container contract gave it. */
const TRAINER = `
import json, os, pathlib, sys
root = pathlib.Path(os.environ["MILLRACE_ML_ROOT"])
assert pathlib.Path.cwd() == root, os.getcwd()
read = lambda name: json.loads((root / "input/config" / name).read_text())
data = root / "input/data"
seen = {
    "argv": sys.argv[1:],
    "env": {k: os.environ.get(k) for k in ("TRAINING_JOB_NAME", "TRAINING_JOB_ARN", "AWS_REGION", "COLOUR")},
    "hyperparameters": read("hyperparameters.json"),
    "channels": read("inputdataconfig.json"),
    "resources": read("resourceconfig.json"),
    "files": {str(p.relative_to(data)): p.read_text() for p in sorted(data.rglob("*")) if p.is_file()},
}
(root / "model/seen.json").write_text(json.dumps(seen))
(root / "model/deep").mkdir()
(root / "model/deep/weights.bin").write_text("weights")
(root / "output/data/report.txt").write_text("a report")
for loss in (0.9, 0.25):
    print(f"epoch done; loss={loss};", flush=True)
print("a word on stderr", file=sys.stderr)
`;

describe('training jobs', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    const violations = await violationsOf(world.exchanges);
    await world.stop();
    expect(violations).toEqual([]);
  });

  test('a job gets the container contract, and its model, metrics, logs and events come back', async () => {
    const image = await world.image('trainer', TRAINER);
    await world.put('data/train/a.csv', 'a');
    await world.put('data/train/deep/b.csv', 'b');
    await world.put(
      'data/manifest.json',
      JSON.stringify([{ prefix: `s3://${BUCKET}/data/` }, 'train/deep/b.csv']),
    );
    const s3Channel = (name: string, S3DataType: 'S3Prefix' | 'ManifestFile', key: string) => ({
      ChannelName: name,
      ContentType: 'text/csv',
      DataSource: { S3DataSource: { S3DataType, S3Uri: `s3://${BUCKET}/${key}` } },
    });
    const arn = await world.createJob({
      TrainingJobName: 'happy',
      HyperParameters: { epochs: '2' },
      Environment: { COLOUR: 'blue' },
      AlgorithmSpecification: {
        TrainingImage: image,
        TrainingInputMode: 'File',
        MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+);' }],
      },
      InputDataConfig: [
        s3Channel('train', 'S3Prefix', 'data/train'),
        s3Channel('single', 'S3Prefix', 'data/train/a.csv'),
        s3Channel('listed', 'ManifestFile', 'data/manifest.json'),
      ],
      Tags: [{ Key: 'project', Value: 'demo' }],
    });
    const job = await world.finish('happy');

    expect(job.FailureReason).toBeUndefined();
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      TrainingJobArn: arn,
      ModelArtifacts: { S3ModelArtifacts: `s3://${BUCKET}/out/happy/output/model.tar.gz` },
      FinalMetricDataList: [{ MetricName: 'loss', Value: 0.25 }],
    });
    expect(job.TrainingTimeInSeconds).toBeGreaterThanOrEqual(1);
    expect(job.TrainingEndTime?.getTime()).toBeGreaterThan(job.TrainingStartTime?.getTime() ?? Infinity);
    const stages = ['Starting', 'Downloading', 'Training', 'Uploading', 'Completed'];
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual(stages);
    expect(job.SecondaryStatusTransitions?.every(({ EndTime }) => EndTime !== undefined)).toBe(true);

    const model = await world.unpack('out/happy/output/model.tar.gz');
    expect(model['deep/weights.bin']).toBe('weights');
    expect(JSON.parse(model['seen.json'] ?? '')).toEqual({
      argv: ['train'],
      env: { TRAINING_JOB_NAME: 'happy', TRAINING_JOB_ARN: arn, AWS_REGION: 'us-east-1', COLOUR: 'blue' },
      hyperparameters: { epochs: '2' },
      channels: expect.objectContaining({
        train: {
          ContentType: 'text/csv',
          TrainingInputMode: 'File',
          S3DistributionType: 'FullyReplicated',
          RecordWrapperType: 'None',
        },
      }),
      resources: expect.objectContaining({
        current_host: 'algo-1',
        hosts: ['algo-1'],
        network_interface_name: 'lo',
      }),
      files: {
        'train/a.csv': 'a',
        'train/deep/b.csv': 'b',
        'single/a.csv': 'a',
        'listed/train/deep/b.csv': 'b',
      },
    });
    expect(await world.unpack('out/happy/output/output.tar.gz')).toEqual({ 'report.txt': 'a report' });

    const log = await readFile(join(world.stateDir, 'jobs/happy/training.log'), 'utf8');
    expect(log).toContain('epoch done; loss=0.9;');
    expect(await cloudWatchLines(world, 'happy')).toEqual(expect.arrayContaining(log.trim().split('\n')));

    const events = await world.eventsOf(arn, (found) => found.length >= stages.length);
    expect(events.map(({ detail }) => detail['SecondaryStatus'])).toEqual(stages);
    const last = events.at(-1);
    expect(last?.['detail-type']).toBe('SageMaker Training Job State Change');
    expect(last?.detail).toMatchObject({
      TrainingJobName: 'happy',
      TrainingJobStatus: 'Completed',
      HyperParameters: { epochs: '2' },
      CreationTime: String(job.CreationTime?.getTime()),
      Tags: { project: 'demo' },
    });
    expect(last?.detail).not.toHaveProperty('ModelArtifacts');
  });

  test('what the code writes to output/failure becomes the FailureReason', async () => {
    const image = await world.image(
      'fails',
      `import sys; open("output/failure", "w").write("the data has no label " + "x" * 2000); sys.exit(3)`,
    );
    const arn = await world.createJob({ TrainingJobName: 'fails', image });
    const job = await world.finish('fails');
    expect(job.TrainingJobStatus).toBe('Failed');
    expect(job.FailureReason).toMatch(/^AlgorithmError: the data has no label x+$/);
    expect(job.FailureReason).toHaveLength(1024);
    const events = await world.eventsOf(
      arn,
      (found) => found.at(-1)?.detail['TrainingJobStatus'] === 'Failed',
    );
    expect(events.at(-1)?.detail['FailureReason']).toBe(job.FailureReason);
  });

  test('without that file the last line of stderr and the exit code do', async () => {
    const image = await world.image('raises', 'raise ValueError("no such column")');
    await world.createJob({ TrainingJobName: 'raises', image });
    const { FailureReason } = await world.finish('raises');
    expect(FailureReason).toBe('AlgorithmError: ValueError: no such column, exit code: 1');
  });

  test('a job that saves no model completes and uploads nothing', async () => {
    const image = await world.image('idle', 'print("nothing to save")');
    await world.createJob({ TrainingJobName: 'idle', image });
    expect((await world.finish('idle')).TrainingJobStatus).toBe('Completed');
    expect(await world.keys('out/idle/')).toEqual([]);
  });

  test('an image that nothing stands in for fails the job and names the known ones', async () => {
    await world.image('known', '');
    await world.createJob({ TrainingJobName: 'stranger' });
    const job = await world.finish('stranger');
    expect(job.TrainingJobStatus).toBe('Failed');
    expect(job.FailureReason).toMatch(
      /^ClientError: Cannot pull the training image '.*nobody:1'.*Known: .*known/,
    );
    expect(job.TrainingStartTime).toBeUndefined();
  });

  test.each([
    ['no-objects', { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/nowhere/` }, /No S3 objects found/],
    ['no-manifest', { S3DataType: 'ManifestFile', S3Uri: `s3://${BUCKET}/nowhere.json` }, /does not exist/],
    ['bad-manifest', { S3DataType: 'ManifestFile', S3Uri: `s3://${BUCKET}/bad.json` }, /first element/],
    ['escaping', { S3DataType: 'ManifestFile', S3Uri: `s3://${BUCKET}/escape.json` }, /outside its channel/],
  ] as const)('input that cannot be had fails the job: %s', async (name, S3DataSource, reason) => {
    const image = await world.image('reader', '');
    await world.put('bad.json', JSON.stringify(['a.csv']));
    await world.put('escape.json', JSON.stringify([{ prefix: `s3://${BUCKET}/` }, '../../../../escaped']));
    await world.createJob({
      TrainingJobName: name,
      image,
      InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource } }],
    });
    const { FailureReason } = await world.finish(name);
    expect(FailureReason).toMatch(/^ClientError: Data download failed: channel 'train': /);
    expect(FailureReason).toMatch(reason);
  });

  test('a job goes on from the checkpoints of the one before', async () => {
    const image = await world.image(
      'counter',
      `
import os, pathlib
file = pathlib.Path(os.environ["MILLRACE_ML_ROOT"]) / "checkpoints/deep/count"
file.parent.mkdir(exist_ok=True)
count = int(file.read_text()) + 1 if file.exists() else 1
file.write_text(str(count))
pathlib.Path("model/count").write_text(str(count))
`,
    );
    const CheckpointConfig = { S3Uri: `s3://${BUCKET}/checkpoints/counter` };
    for (const name of ['count-1', 'count-2']) {
      await world.createJob({ TrainingJobName: name, image, CheckpointConfig });
      expect((await world.finish(name)).TrainingJobStatus).toBe('Completed');
    }
    expect(await world.unpack('out/count-2/output/model.tar.gz')).toEqual({ count: '2' });
    expect(await world.keys('checkpoints/')).toEqual(['checkpoints/counter/deep/count']);
  });

  test('an uncompressed model is uploaded file by file', async () => {
    const image = await world.image('plain', 'open("model/m.bin", "w").write("m")');
    await world.createJob({
      TrainingJobName: 'plain',
      image,
      OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/out/`, CompressionType: 'NONE' },
    });
    const job = await world.finish('plain');
    expect(job.ModelArtifacts?.S3ModelArtifacts).toBe(`s3://${BUCKET}/out/plain/output/model/`);
    expect(await world.keys('out/plain/')).toEqual(['out/plain/output/model/m.bin']);
  });
});

async function cloudWatchLines(world: World, job: string): Promise<string[]> {
  const logs = new CloudWatchLogsClient({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const logGroupName = '/aws/sagemaker/TrainingJobs';
  const stream = await eventually(async () => {
    const { logStreams = [] } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: `${job}/algo-1-` }),
    );
    return logStreams[0]?.logStreamName;
  });
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName, logStreamName: stream, startFromHead: true }),
  );
  logs.destroy();
  return events.map(({ message }) => message ?? '');
}
