import { DescribeImagesCommand, ImageNotFoundException } from '@aws-sdk/client-ecr';
import type { ECRClient } from '@aws-sdk/client-ecr';
import { PermanentError } from '../domain/errors.ts';
import type { ImageRegistry } from '../domain/ports/image-registry.ts';

/** Images in Amazon ECR. */
export class EcrImages implements ImageRegistry {
  readonly #client: ECRClient;

  constructor(client: ECRClient) {
    this.#client = client;
  }

  async pin(imageUri: string): Promise<string | undefined> {
    const match = /^(?<registry>[^/]+)\/(?<repository>[^:@]+):(?<tag>[\w.-]+)$/.exec(imageUri);
    const { registry, repository, tag } = match?.groups ?? {};
    if (!registry || !repository || !tag) {
      throw new PermanentError(`'${imageUri}' is no image: expected <registry>/<repository>:<tag>`);
    }
    try {
      const { imageDetails } = await this.#client.send(
        new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] }),
      );
      const digest = imageDetails?.[0]?.imageDigest;
      return digest && `${registry}/${repository}@${digest}`;
    } catch (error) {
      if (error instanceof ImageNotFoundException) return undefined;
      throw error;
    }
  }
}
