import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { outboxEvent } from '../../contracts/define-event.ts';
import { ledgerKeys, versionRecord } from '../../contracts/ledger.ts';
import type { VersionRecord } from '../../contracts/ledger.ts';
import { modelFiles, modelManifest } from '../../contracts/model-manifest.ts';
import { modelVersionRegistered } from '../../contracts/model-version-registered.ts';
import { evaluationResult } from '../../contracts/training-steps.ts';
import type { EvaluationResult, RegistrationResult } from '../../contracts/training-steps.ts';
import { PermanentError } from '../../domain/errors.ts';
import { describeMetrics } from '../../domain/evaluation/describe-metrics.ts';
import type { ModelRegistry } from '../../domain/ports/model-registry.ts';
import type { ModelSigner } from '../../domain/ports/model-signer.ts';
import type { ObjectStore } from '../../domain/ports/object-store.ts';
import type { Records } from '../../domain/ports/records.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs, parseJsonAs } from '../../runtime/parse.ts';
import { inTemporaryFolder } from '../../runtime/temporary-folder.ts';

/** A retry follows its first attempt closely: other versions of the project between the two are few, if any. */
const recentVersions = 20;

interface World {
  readonly records: Records;
  readonly objects: ObjectStore;
  readonly signer: ModelSigner;
  readonly registry: ModelRegistry;
  readonly groupPrefix: string;
  readonly now: () => string;
}

/**
 * Signs a candidate and registers it as the project's next version, once for each run: an earlier attempt is found in
 * the ledger, or by the registry through the client token.
 */
export function registerVersion(world: World) {
  return async (input: unknown): Promise<RegistrationResult> => {
    const candidate = parseAs(evaluationResult, input, 'the input of register-version');
    const { project, runId, artifactUri, verdict } = candidate;
    if (verdict !== 'candidate') {
      throw new PermanentError(`run ${runId} was ${verdict} by the gate: only a candidate can be registered`);
    }
    const earlier = await findEarlier(world.records, project, runId);
    if (earlier) return { ...candidate, version: earlier.version, modelPackageArn: earlier.modelPackageArn };

    const modelSha256 = await sign(world, candidate);
    const { modelPackageArn, version } = await world.registry.register({
      group: `${world.groupPrefix}-${project}`,
      clientToken: createHash('sha256').update(runId).digest('hex').slice(0, 32),
      description: `${describeMetrics(candidate.metrics)} on ${candidate.testRows} held-out rows: ${candidate.reasons.join('; ')}`,
      artifactUri,
      metadata: { project, runId, artifactUri, modelSha256 },
    });
    const at = world.now();
    const item: VersionRecord = {
      project,
      record: ledgerKeys.version(version),
      version,
      modelPackageArn,
      artifactUri,
      modelSha256,
      runId,
      at,
    };
    const announce = outboxEvent(modelVersionRegistered, {
      project,
      version,
      modelPackageArn,
      artifactUri,
      modelSha256,
      runId,
      registeredAt: at,
    });
    if (!(await world.records.commit([{ item, condition: 'new', announce }]))) {
      await requireOwn(world.records, item);
    }
    logger.info('version registered', { project, version, runId });
    return { ...candidate, version, modelPackageArn };
  };
}

async function findEarlier(
  records: Records,
  project: string,
  runId: string,
): Promise<VersionRecord | undefined> {
  const items = await records.list(project, 'version#', recentVersions);
  return items
    .map((item) => parseAs(versionRecord, item, `a version record of '${project}'`))
    .find((version) => version.runId === runId);
}

/** Signs what lies in the store, not what it is said to be. @returns SHA-256 of the model */
async function sign({ objects, signer }: World, candidate: EvaluationResult): Promise<string> {
  const { project, runId, artifactUri } = candidate;
  const manifestBytes = await objects.read(`${artifactUri}${modelFiles.manifest}`);
  const manifest = parseJsonAs(modelManifest, manifestBytes, `${artifactUri}${modelFiles.manifest}`);
  const { sha256 } = await inTemporaryFolder((folder) =>
    objects.download(`${artifactUri}${modelFiles.model}`, join(folder, modelFiles.model)),
  );
  if (sha256 !== manifest.model.sha256 || manifest.project !== project || manifest.runId !== runId) {
    throw new PermanentError(
      `the files under ${artifactUri} were changed since they were evaluated: expected project ${project}, run ` +
        `${runId} and model ${manifest.model.sha256}, found ${manifest.project}, ${manifest.runId} and ${sha256}`,
    );
  }
  const envelope = await signer.sign({
    project,
    runId,
    files: {
      [modelFiles.model]: sha256,
      [modelFiles.manifest]: createHash('sha256').update(manifestBytes).digest('hex'),
    },
  });
  await objects.write(`${artifactUri}${modelFiles.signature}`, JSON.stringify(envelope), 'application/json');
  return sha256;
}

/** Another attempt of the same run may have been quicker; another run with this version may not. */
async function requireOwn(
  records: Records,
  { project, record, runId, version }: VersionRecord,
): Promise<void> {
  const stored = parseAs(
    versionRecord,
    await records.read({ project, record }),
    `version ${version} of '${project}'`,
  );
  if (stored.runId === runId) return;
  throw new PermanentError(
    `version ${version} of '${project}' is recorded for run ${stored.runId}, but the registry gave it to run ${runId}: ` +
      `the model package group was deleted and made anew; the ledger's version records must follow it`,
  );
}
