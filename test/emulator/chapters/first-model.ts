import { createHash, createPublicKey, verify } from 'node:crypto';
import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { DescribeTrainingJobCommand, ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { waitFor } from '../../../cli/client/wait-for.ts';
import { modelVersionRegistered } from '../../../lambdas/contracts/model-version-registered.ts';
import { retrainingRequested } from '../../../lambdas/contracts/retraining-requested.ts';
import { modelVersionPromoted } from '../../../lambdas/contracts/rollout-events.ts';
import { trainingRunFinished } from '../../../lambdas/contracts/training-run-finished.ts';
import { readObject, sizeOf } from '../support/objects.ts';
import { decision, ended, project, type World } from '../support/world.ts';

export function firstModel(world: World): void {
  const { millrace, clients, events, consumers } = world;
  let runId: string;

  test('the policy says yes to new data, and its event delivered twice starts one run', async () => {
    const yes = await decision(world, 'new data', ({ cause }) => cause === 'new-data');
    expect(yes).toMatchObject({ answer: 'requested', runId: expect.any(String) });
    expect(yes.reasons).toContain('569 new rows since the last training, at least 200 wanted');
    runId = yes.runId ?? '';
    const { detail, body } = await events.next(retrainingRequested, (requested) => requested.runId === runId);
    expect(detail).toMatchObject({ cause: 'new-data', reasons: yes.reasons });
    await consumers.deliver('start-training', body, body);
    const { executions = [] } = await clients.states.send(
      new ListExecutionsCommand({ stateMachineArn: millrace.outputs.training.TrainingMachineArn }),
    );
    expect(executions.map(({ name }) => name)).toEqual([runId]);
  });

  test('its training job is the one that was described, and the only one', async () => {
    const job = await waitFor(
      'the training job to end',
      async (saw) => {
        const { TrainingJobSummaries = [] } = await millrace.clients.sageMaker.send(
          new ListTrainingJobsCommand({}),
        );
        saw(TrainingJobSummaries);
        if (TrainingJobSummaries[0]?.TrainingJobStatus !== 'Completed') return undefined;
        expect(TrainingJobSummaries.map(({ TrainingJobName }) => TrainingJobName)).toEqual([runId]);
        return millrace.clients.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: runId }));
      },
      { timeoutMs: 120_000, intervalMs: 200 },
    );
    const artifacts = millrace.outputs.data.ArtifactBucketName;
    expect(job).toMatchObject({
      SecondaryStatus: 'Completed',
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
      HyperParameters: { inverseRegularization: '1', maximumIterations: '1000', seed: '0' },
      CheckpointConfig: { S3Uri: `s3://${artifacts}/${project}/runs/${runId}/checkpoints/` },
      ModelArtifacts: {
        S3ModelArtifacts: `s3://${artifacts}/${project}/runs/${runId}/output/model.tar.gz`,
      },
    });
    expect(job.InputDataConfig?.map(({ ChannelName }) => ChannelName)).toEqual([
      'config',
      'code',
      'train',
      'validation',
    ]);
    expect(await sizeOf(world, job.ModelArtifacts?.S3ModelArtifacts ?? 'none')).toBeGreaterThan(1000);
  });

  test('the run ends registered, with its metrics, and frees its place', async () => {
    const run = await ended(world, runId);
    expect(run).toMatchObject({ state: 'registered', version: 1, cause: 'new-data', datasetRows: 569 });
    expect(run.metrics?.accuracy).toBeGreaterThan(0.85);
    expect(run.reasons.join('; ')).toMatch(/held-out rows.*there is no champion to beat/);
    expect(await millrace.policyState(project)).toMatchObject({ trainedRows: 569 });
    expect((await millrace.policyState(project))?.activeRun).toBeUndefined();
    const { detail } = await events.next(trainingRunFinished, (finished) => finished.runId === runId);
    expect(detail).toMatchObject({ outcome: 'registered', version: 1, reasons: run.reasons });
  });

  test('version 1 is in the registry, approved by the policy with its reason', async () => {
    const version = await waitFor(
      'version 1 to be approved',
      async (saw) => {
        const found = await millrace.versions(project);
        saw(found);
        return found.find(({ approval }) => approval === 'Approved');
      },
      { timeoutMs: 60_000, intervalMs: 100 },
    );
    expect(version.version).toBe(1);
    expect(version.approvalDescription).toMatch(
      /^Approved by the policy of project 'breast-cancer'.*its gate let it pass.*held-out rows/,
    );
    const { detail } = await events.next(modelVersionRegistered, (registered) => registered.runId === runId);
    expect(detail).toMatchObject({
      project,
      version: 1,
      modelPackageArn: version.modelPackageArn,
      artifactUri: version.metadata?.artifactUri,
      modelSha256: version.metadata?.modelSha256,
    });
  });

  test('its signature holds over the files as they lie there, by the public key alone', async () => {
    const [version] = await millrace.versions(project);
    const prefix = version?.metadata?.artifactUri ?? 'none';
    const [model, manifest, signature] = await Promise.all(
      ['model.onnx', 'manifest.json', 'signature.dsse.json'].map((name) =>
        readObject(world, `${prefix}${name}`),
      ),
    );
    const { payloadType, payload, signatures } = envelope.parse(JSON.parse(String(signature)));
    const body = Buffer.from(payload, 'base64');
    // DSSE v1.0.2: what is signed is "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body.
    const signed = Buffer.concat([
      Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `),
      body,
    ]);
    const key = await publicKey();
    const good = signatures.map(({ sig }) => verify('sha256', signed, key, Buffer.from(sig, 'base64')));
    expect(good).toEqual([true]);
    expect(JSON.parse(body.toString('utf8'))).toEqual({
      project,
      runId,
      files: { 'model.onnx': sha256(model), 'manifest.json': sha256(manifest) },
    });
    expect(version?.metadata?.modelSha256).toBe(sha256(model));
    signed.writeUInt8((signed.at(-1) ?? 0) ^ 1, signed.length - 1);
    expect(verify('sha256', signed, key, Buffer.from(signatures[0]?.sig ?? '', 'base64'))).toBe(false);
  });

  test('it becomes champion: routing row, alias and announcement', async () => {
    const { detail } = await events.next(modelVersionPromoted, ({ version }) => version === 1);
    expect(detail.champion).toBeUndefined();
    const [version] = await millrace.versions(project);
    expect(version).toMatchObject({ alias: 'champion', weightPercent: 100 });
    expect(await millrace.routing(project)).toEqual({
      project,
      revision: 1,
      champion: { version: 1, artifactUri: version?.metadata?.artifactUri },
      updatedAt: expect.any(String),
    });
  });

  /** The key that serving is told to trust. */
  async function publicKey() {
    const { Environment } = await clients.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: millrace.outputs.serving.ServeFunctionName }),
    );
    const { PublicKey } = await clients.kms.send(
      new GetPublicKeyCommand({ KeyId: Environment?.Variables?.['SIGNING_KEY_ID'] }),
    );
    if (!PublicKey) throw new Error('KMS gave no public key');
    return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  }
}

const envelope = z.object({
  payloadType: z.literal('application/vnd.millrace.model.v1+json'),
  payload: z.string(),
  signatures: z.array(z.object({ sig: z.string() })).min(1),
});

function sha256(bytes: Uint8Array | undefined): string {
  return createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
}
