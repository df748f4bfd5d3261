import { randomUUID } from 'node:crypto';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { EcrImages } from '../../lambdas/adapters/ecr-images.ts';
import { InMemoryImageRegistry } from '../builders/in-memory-image-registry.ts';
import { imageRegistryContract } from './image-registry.contract.ts';
import { emulator } from './support/cloud.ts';

const config = emulator();

imageRegistryContract('in memory', async () => {
  const repository = 'registry.example.org/team/trainer';
  const digest = `sha256:${'a'.repeat(64)}`;
  return { images: new InMemoryImageRegistry({ [`${repository}:1`]: digest }), repository, digest };
});

imageRegistryContract('ECR', async () => {
  const client = new ECRClient(config());
  const repositoryName = `team-${randomUUID()}/trainer`;
  const { repository } = await client.send(new CreateRepositoryCommand({ repositoryName }));
  const { image } = await client.send(
    new PutImageCommand({ repositoryName, imageManifest: '{"schemaVersion":2}', imageTag: '1' }),
  );
  return {
    images: new EcrImages(client),
    repository: repository?.repositoryUri ?? '',
    digest: image?.imageId?.imageDigest ?? '',
  };
});
