import { describe, expect, it } from 'vitest';
import { preparedTraining } from '../../../lambdas/contracts/training-steps.ts';
import { trainingConfig } from '../../../lambdas/contracts/training-config.ts';
import { PermanentError } from '../../../lambdas/domain/errors.ts';
import { prepareTraining } from '../../../lambdas/handlers/prepare-training/handler.ts';
import { InMemoryImageRegistry } from '../../builders/in-memory-image-registry.ts';
import { InMemoryObjectStore } from '../../builders/in-memory-object-store.ts';
import { dataset, manifestUri, retraining, runId, tumours } from '../../builders/training.ts';

const code = 's3://artifacts/code/tumours/0123.zip';

const digest = `sha256:${'a'.repeat(64)}`;

function setUp(
  manifest: unknown,
  project = tumours(),
  images: Readonly<Record<string, string>> = { 'registry/trainer:1': digest },
) {
  const objects = new InMemoryObjectStore();
  objects.put(manifestUri, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  const prepare = prepareTraining({
    objects,
    projects: { tumours: project },
    artifactBucket: 'artifacts',
    images: new InMemoryImageRegistry(images),
    trainingImage: 'registry/trainer:1',
    platform: { roleArn: 'arn:role', artifactKeyArn: 'arn:key' },
    code: { tumours: code },
  });
  const text = async (uri: string) => new TextDecoder().decode(await objects.read(uri));
  return { objects, prepare, text };
}

describe('prepare-training', () => {
  it('tells the trainer about the run', async () => {
    const { prepare, text } = setUp(dataset([60, 10, 30]));
    await prepare(retraining());
    const config = trainingConfig.parse(
      JSON.parse(await text(`s3://artifacts/tumours/runs/${runId}/config/training.json`)),
    );
    expect(config.features.map(({ name }) => name)).toEqual(['radius', 'clinic']);
    expect(config.target).toEqual({ column: 'diagnosis', type: 'category', values: ['malignant', 'benign'] });
    expect(config.hyperparameters).toEqual({ depth: 3, warm: true });
    expect(config.seed).toBe(7);
  });

  it('trains with the image that the tag names now, by its digest', async () => {
    const { prepare } = setUp(dataset([60, 10, 30]));
    const { job } = await prepare(retraining());
    expect(job.AlgorithmSpecification.TrainingImage).toBe(`registry/trainer@${digest}`);
  });

  it('says how to get an image when there is none', async () => {
    const { prepare } = setUp(dataset([60, 10, 30]), tumours(), {});
    const refusal = await prepare(retraining()).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PermanentError);
    expect(String(refusal)).toMatch(
      /no trainer image registry\/trainer:1: build and push it, as docs\/deploying\.md/,
    );
  });

  it('lists the files that hold rows as SageMaker wants them', async () => {
    const { prepare, text } = setUp(dataset([60, 0, 30], [0, 5, 1], [7, 0, 0]));
    const { job } = await prepare(retraining());
    const channels = Object.fromEntries(
      job.InputDataConfig.map(({ ChannelName, DataSource }) => [ChannelName, DataSource.S3DataSource]),
    );
    expect(Object.keys(channels)).toEqual(['config', 'code', 'train', 'validation']);
    expect(channels['config']?.S3Uri).toBe(`s3://artifacts/tumours/runs/${runId}/config/`);
    expect(channels['code']).toMatchObject({ S3DataType: 'S3Prefix', S3Uri: code });
    expect(channels['train']?.S3DataType).toBe('ManifestFile');
    expect(JSON.parse(await text(channels['train']?.S3Uri ?? ''))).toEqual([
      { prefix: 's3://curated/' },
      'tumours/parts/0/train.parquet',
      'tumours/parts/2/train.parquet',
    ]);
    expect(JSON.parse(await text(channels['validation']?.S3Uri ?? ''))).toEqual([
      { prefix: 's3://curated/' },
      'tumours/parts/1/validation.parquet',
    ]);
  });

  it('leaves the validation channel out when it has no rows', async () => {
    const { prepare, objects } = setUp(dataset([60, 0, 30]));
    const { job } = await prepare(retraining());
    expect(job.InputDataConfig.map(({ ChannelName }) => ChannelName)).toEqual(['config', 'code', 'train']);
    expect(objects.uris().some((uri) => uri.includes('validation'))).toBe(false);
  });

  it('asks for Spot with waiting time, or for neither', async () => {
    const spot = await setUp(dataset([60, 0, 30])).prepare(retraining());
    expect(spot.job).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
      CheckpointConfig: { LocalPath: '/opt/ml/checkpoints' },
    });
    const onDemand = await setUp(dataset([60, 0, 30]), tumours({ training: { spot: false } })).prepare(
      retraining(),
    );
    expect(onDemand.job.EnableManagedSpotTraining).toBe(false);
    expect(onDemand.job.StoppingCondition).toEqual({ MaxRuntimeInSeconds: 3600 });
  });

  it('names the job as the run, keeps its contract, and gives the same twice', async () => {
    const { prepare } = setUp(dataset([60, 10, 30]));
    const prepared = await prepare(retraining());
    expect(preparedTraining.parse(prepared)).toEqual(prepared);
    expect(prepared.job.TrainingJobName).toBe(runId);
    expect(prepared.job.HyperParameters).toEqual({ depth: '3', warm: 'true', seed: '7' });
    expect(prepared.job.OutputDataConfig).toEqual({
      S3OutputPath: 's3://artifacts/tumours/runs',
      KmsKeyId: 'arn:key',
    });
    expect(await prepare(retraining())).toEqual(prepared);
  });

  it('finds the metrics in the lines that the trainer prints', async () => {
    const { job } = await setUp(dataset([60, 10, 30])).prepare(retraining());
    const read = Object.fromEntries(
      job.AlgorithmSpecification.MetricDefinitions.map(({ Name, Regex }) => [
        Name,
        new RegExp(Regex).exec('validation:logLoss=1.25e-3 validation:accuracy=0.97')?.[1],
      ]),
    );
    expect(read).toEqual({
      'validation:accuracy': '0.97',
      'validation:logLoss': '1.25e-3',
      'validation:rocAuc': undefined,
    });
  });

  it.each([
    [
      'no rows to train on',
      dataset([0, 1, 3]),
      retraining(),
      'has 4 rows, none of them in its training part',
    ],
    ['a manifest that is none', '{"schemaVersion": 2}', retraining(), 'does not fit its contract'],
    [
      'a project that is gone',
      dataset([1, 1, 1]),
      retraining({ project: 'gone' }),
      "project 'gone' is not deployed",
    ],
    ['an input that is no request', dataset([1, 1, 1]), { hello: 'world' }, 'input of the training machine'],
  ])('ends a run at once for %s', async (_case, manifest, input, message) => {
    const preparing = setUp(manifest).prepare(input);
    await expect(preparing).rejects.toThrow(PermanentError);
    await expect(preparing).rejects.toThrow(message);
  });
});
