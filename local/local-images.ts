import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { localRegion } from './cloud-environment.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Registers the trainer of this checkout in the emulator's ECR, as a push of its image would: what training asks the
 * repository for is there. The manifest names no layers but the hash of the trainer's sources, which the local SageMaker
 * server runs in the image's place.
 * @param image `<registry>/<repository>:<tag>`
 */
export async function registerLocalTrainer(root: string, endpoint: string, image: string): Promise<void> {
  const [, repository, tag] = /^[^/]+\/([^:]+):(.+)$/.exec(image) ?? [];
  const client = new ECRClient({
    endpoint,
    region: localRegion,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  try {
    const digest = sourcesDigest(join(root, 'containers/trainer'));
    const manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest, size: 0 },
      layers: [],
    };
    await client.send(
      new PutImageCommand({
        repositoryName: repository,
        imageTag: tag,
        imageManifest: JSON.stringify(manifest),
        imageManifestMediaType: manifestType,
      }),
    );
  } finally {
    client.destroy();
  }
}

function sourcesDigest(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(py|lock)$/.test(file),
  );
  const hash = createHash('sha256');
  for (const file of files.toSorted())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)));
  return `sha256:${hash.digest('hex')}`;
}
