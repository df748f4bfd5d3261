import { DescribeModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { z } from 'zod';
import { packageMetadata, type PackageMetadata } from '../contracts/training-steps.ts';
import { PermanentError } from '../domain/errors.ts';
import type { PackageReader } from '../domain/ports/package-reader.ts';

/** Reads model packages out of SageMaker's registry, with what registration kept beside them. */
export class SageMakerPackageReader implements PackageReader {
  readonly #client: SageMakerClient;

  constructor(client: SageMakerClient) {
    this.#client = client;
  }

  async read(modelPackageArn: string): ReturnType<PackageReader['read']> {
    const described = await this.#client.send(
      new DescribeModelPackageCommand({ ModelPackageName: modelPackageArn }),
    );
    return {
      approved: described.ModelApprovalStatus === 'Approved',
      metadata: parseMetadata(modelPackageArn, described.CustomerMetadataProperties),
    };
  }
}

function parseMetadata(
  modelPackageArn: string,
  properties: Record<string, string> | undefined,
): PackageMetadata {
  const parsed = packageMetadata.safeParse(properties ?? {});
  if (parsed.success) return parsed.data;
  throw new PermanentError(
    `${modelPackageArn} was not registered by Millrace: its customer metadata lacks what a rollout needs. ` +
      z.prettifyError(parsed.error),
  );
}
