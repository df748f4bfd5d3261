import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type {
  CreateTrainingJobCommandInput,
  DescribeTrainingJobCommandOutput,
} from '@aws-sdk/client-sagemaker';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { startSageMaker } from '../../../local/sagemaker/index.ts';
import type { ImageMap, RunningSageMaker, SageMakerOptions } from '../../../local/sagemaker/index.ts';
import { startMinistack } from '../../support/ministack.ts';
import { startRecorder } from './recorder.ts';
import type { Exchange } from './recorder.ts';

export const BUCKET = 'sagemaker-tests';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const TERMINAL = ['Completed', 'Failed', 'Stopped'];

const sageMakerEvent = z.object({
  source: z.literal('aws.sagemaker'),
  'detail-type': z.string(),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
});
export type SageMakerEvent = z.infer<typeof sageMakerEvent>;

export interface World {
  readonly sageMaker: SageMakerClient;
  readonly s3: S3Client;
  readonly endpoint: string;
  readonly stateDir: string;
  readonly folder: string;
  readonly exchanges: Exchange[];
  /** Starts the server again on the same state, with other options if given. */
  restart(options?: Partial<SageMakerOptions>): Promise<void>;
  /** Makes `script` (Python) what the image `name` runs. */
  image(name: string, script: string): Promise<string>;
  put(key: string, body: string): Promise<void>;
  keys(prefix: string): Promise<string[]>;
  /** The files of a tar.gz in the bucket, by name. */
  unpack(key: string): Promise<Record<string, string>>;
  createJob(input: JobInput): Promise<string>;
  finish(name: string): Promise<DescribeTrainingJobCommandOutput>;
  /** Waits until the job's secondary status is this one. */
  reach(name: string, secondaryStatus: string): Promise<void>;
  /** Every event of the bus so far that is told of this resource, waiting until `enough` says so. */
  eventsOf(arn: string, enough: (events: SageMakerEvent[]) => boolean): Promise<SageMakerEvent[]>;
  stop(): Promise<void>;
}

export type JobInput = Pick<CreateTrainingJobCommandInput, 'TrainingJobName'> &
  Partial<CreateTrainingJobCommandInput> & { image?: string };

/** The emulator, a server before it and a relay that records, all real and all of this test file only. */
export async function createWorld(options: Partial<SageMakerOptions> = {}): Promise<World> {
  const ministack = await startMinistack();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-sagemaker-'));
  const stateDir = join(folder, 'state');
  const images: ImageMap = {};
  const start = (changes: Partial<SageMakerOptions>): Promise<RunningSageMaker> =>
    startSageMaker({
      stateDir,
      emulatorEndpoint: ministack.endpoint,
      images,
      stopGraceSeconds: 5,
      log: () => undefined,
      ...options,
      ...changes,
    });
  let server = await start({});
  const recorder = await startRecorder(() => server.url);
  const config = { endpoint: ministack.endpoint, region: 'us-east-1', credentials };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const sqs = new SQSClient(config);
  const eventBridge = new EventBridgeClient(config);
  const sageMaker = new SageMakerClient({
    endpoint: recorder.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const queueUrl = await subscribe(sqs, eventBridge);
  const events: SageMakerEvent[] = [];

  const describe = (name: string) =>
    sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  return {
    sageMaker,
    s3,
    endpoint: ministack.endpoint,
    stateDir,
    folder,
    exchanges: recorder.exchanges,
    async restart(changes = {}) {
      await server.stop();
      server = await start(changes);
    },
    async image(name, script) {
      const path = join(folder, `${name}.py`);
      await writeFile(path, script);
      images[name] = { command: ['python3', path], env: { PYTHONUNBUFFERED: '1' } };
      return `000000000000.dkr.ecr.us-east-1.amazonaws.com/${name}:test`;
    },
    async put(key, body) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
    },
    async keys(prefix) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
      return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    },
    async unpack(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
      if (Body === undefined) throw new Error(`${key} has no body`);
      const target = await mkdtemp(join(folder, 'unpacked-'));
      await writeFile(join(target, 'a.tar.gz'), await Body.transformToByteArray());
      const { stdout } = await promisify(execFile)('tar', ['-tzf', join(target, 'a.tar.gz')]);
      await promisify(execFile)('tar', ['-xzf', join(target, 'a.tar.gz'), '-C', target]);
      const names = stdout.split('\n').filter((name) => name !== '' && !name.endsWith('/'));
      return Object.fromEntries(
        await Promise.all(
          names.map(async (name) => [name, await readFile(join(target, name), 'utf8')] as const),
        ),
      );
    },
    async createJob({ image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/nobody:1', ...input }) {
      const { TrainingJobArn } = await sageMaker.send(
        new CreateTrainingJobCommand({
          RoleArn: 'arn:aws:iam::000000000000:role/Trainer',
          AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File' },
          OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/out` },
          ResourceConfig: { InstanceType: 'ml.g5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 },
          StoppingCondition: { MaxRuntimeInSeconds: 60 },
          ...input,
        }),
      );
      if (TrainingJobArn === undefined) throw new Error('CreateTrainingJob gave no ARN');
      return TrainingJobArn;
    },
    async finish(name) {
      return eventually(async () => {
        const job = await describe(name);
        return TERMINAL.includes(job.TrainingJobStatus ?? '') ? job : undefined;
      });
    },
    async reach(name, secondaryStatus) {
      await eventually(async () => (await describe(name)).SecondaryStatus === secondaryStatus || undefined);
    },
    async eventsOf(arn, enough) {
      return eventually(async () => {
        events.push(...(await receive(sqs, queueUrl)));
        const found = events.filter(({ resources }) => resources.includes(arn));
        return enough(found) ? found : undefined;
      });
    },
    async stop() {
      await server.stop();
      await recorder.stop();
      for (const client of [s3, sqs, eventBridge, sageMaker]) client.destroy();
      await ministack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function subscribe(sqs: SQSClient, eventBridge: EventBridgeClient): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'sagemaker-events' }));
  if (QueueUrl === undefined) throw new Error('CreateQueue gave no URL');
  await eventBridge.send(
    new PutRuleCommand({ Name: 'sagemaker', EventPattern: JSON.stringify({ source: ['aws.sagemaker'] }) }),
  );
  const Arn = 'arn:aws:sqs:us-east-1:000000000000:sagemaker-events';
  await eventBridge.send(new PutTargetsCommand({ Rule: 'sagemaker', Targets: [{ Id: 'queue', Arn }] }));
  return QueueUrl;
}

async function receive(sqs: SQSClient, QueueUrl: string): Promise<SageMakerEvent[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages)
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body }) => sageMakerEvent.parse(JSON.parse(Body ?? '')));
}

/** Asks until there is an answer. Rejects after half a minute. */
export async function eventually<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error('It did not happen within 30 s');
    await delay(50);
  }
}
