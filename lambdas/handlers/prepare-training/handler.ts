import { datasetManifest } from '../../contracts/dataset-manifest.ts';
import type { ProjectCatalog } from '../../contracts/project-definition.ts';
import { retrainingRequested } from '../../contracts/retraining-requested.ts';
import type { PreparedTraining } from '../../contracts/training-steps.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { ImageRegistry } from '../../domain/ports/image-registry.ts';
import type { ObjectStore } from '../../domain/ports/object-store.ts';
import { manifestFile, partsOf } from '../../domain/training/channel-files.ts';
import { runLocations } from '../../domain/training/run-locations.ts';
import { buildTrainingConfig } from '../../domain/training/training-config.ts';
import { buildTrainingJob } from '../../domain/training/training-job.ts';
import type { TrainingPlatform } from '../../domain/training/training-job.ts';
import { parseAs, parseJsonAs } from '../../runtime/parse.ts';

interface World {
  readonly objects: ObjectStore;
  readonly projects: ProjectCatalog;
  readonly artifactBucket: string;
  readonly images: ImageRegistry;
  /** The trainer, by its tag. */
  readonly trainingImage: string;
  readonly platform: Omit<TrainingPlatform, 'codeUri' | 'image'>;
  /** S3 address of each project's training code. */
  readonly code: Readonly<Record<string, string>>;
}

/**
 * Writes what the trainer will read, and builds the request for its job.
 * The addresses are made from the run, so a second call writes the same once more.
 */
export function prepareTraining(world: World) {
  const { objects, projects, artifactBucket, images, trainingImage, platform, code } = world;
  return async (input: unknown): Promise<PreparedTraining> => {
    const request = parseAs(retrainingRequested.detail, input, 'the input of the training machine');
    const { project: name, runId, datasetId, manifestUri } = request;
    const project = projects[name];
    const codeUri = code[name];
    if (!project || !codeUri) {
      throw new PermanentError(
        `project '${name}' is not deployed: add its folder and deploy before training it`,
      );
    }
    const image = await images.pin(trainingImage);
    if (image === undefined) {
      throw new PermanentError(
        `there is no trainer image ${trainingImage}: build and push it, as docs/deploying.md tells`,
      );
    }
    const manifest = parseJsonAs(datasetManifest, await objects.read(manifestUri), manifestUri);
    const train = partsOf(manifest, 'train');
    const validation = partsOf(manifest, 'validation');
    if (train.rows === 0) {
      throw new PermanentError(
        `dataset ${datasetId.slice(0, 12)} of '${name}' has ${manifest.rows} rows, none of them in its training ` +
          `part: upload more data`,
      );
    }

    const locations = runLocations(artifactBucket, name, runId);
    const channels = Object.fromEntries(
      [
        { name: 'train', parts: train },
        { name: 'validation', parts: validation },
      ]
        .filter(({ parts }) => parts.rows > 0)
        .map((channel) => [channel.name, { ...channel, uri: locations.channel(channel.name) }]),
    );
    await Promise.all([
      objects.write(
        locations.config,
        JSON.stringify(buildTrainingConfig(request, project), undefined, 2),
        'application/json',
      ),
      ...Object.values(channels).map(({ uri, parts }) =>
        objects.write(uri, manifestFile(parts.uris), 'application/json'),
      ),
    ]);
    const job = buildTrainingJob(
      request,
      project,
      { ...platform, image, codeUri },
      locations,
      Object.fromEntries(Object.entries(channels).map(([channel, { uri }]) => [channel, uri])),
    );
    return { project: name, runId, datasetId, manifestUri, job };
  };
}
