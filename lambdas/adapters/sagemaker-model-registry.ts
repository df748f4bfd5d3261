import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeModelPackageCommand,
  SageMakerServiceException,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { ApprovalStatus, ModelRegistry, NewModelPackage } from '../domain/ports/model-registry.ts';

/** Descriptions hold at most this many characters, and no line breaks. */
const longestDescription = 1024;

/** Model packages in SageMaker's registry. A project's group is made with its first package. */
export class SageMakerModelRegistry implements ModelRegistry {
  readonly #client: SageMakerClient;

  constructor(client: SageMakerClient) {
    this.#client = client;
  }

  async register(modelPackage: NewModelPackage): Promise<{ modelPackageArn: string; version: number }> {
    await this.#ensureGroup(modelPackage.group);
    const { ModelPackageArn } = await this.#client.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: modelPackage.group,
        ClientToken: modelPackage.clientToken,
        ModelPackageDescription: oneLine(modelPackage.description),
        ModelApprovalStatus: 'PendingManualApproval',
        // SageMaker would start the container to see that it takes requests; the gate has judged the model itself.
        SkipModelValidation: 'All',
        InferenceSpecification: {
          Containers: [
            {
              // No image: Millrace serves the graph itself, and SageMaker's API asks for none.
              // The files that are signed, not the trainer's archive, which nobody vouches for.
              ModelDataSource: {
                S3DataSource: {
                  S3Uri: modelPackage.artifactUri,
                  S3DataType: 'S3Prefix',
                  CompressionType: 'None',
                },
              },
            },
          ],
          SupportedContentTypes: ['application/json'],
          SupportedResponseMIMETypes: ['application/json'],
        },
        CustomerMetadataProperties: { ...modelPackage.metadata },
      }),
    );
    if (!ModelPackageArn)
      throw new Error(`SageMaker registered a package in ${modelPackage.group} without an ARN`);
    return { modelPackageArn: ModelPackageArn, version: versionOf(ModelPackageArn) };
  }

  /** SageMaker has no error of its own for a group that is there: only its sentence tells. */
  async #ensureGroup(name: string): Promise<void> {
    try {
      await this.#client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: name }));
    } catch (error) {
      if (!(error instanceof SageMakerServiceException && /already exists/i.test(error.message))) throw error;
    }
  }

  async describe(modelPackageArn: string): Promise<{ approval: ApprovalStatus; description: string }> {
    const found = await this.#client.send(
      new DescribeModelPackageCommand({ ModelPackageName: modelPackageArn }),
    );
    if (!found.ModelApprovalStatus)
      throw new Error(`${modelPackageArn} was described without an approval status`);
    return { approval: found.ModelApprovalStatus, description: found.ModelPackageDescription ?? '' };
  }

  async approve(modelPackageArn: string, why: string): Promise<void> {
    await this.#client.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: modelPackageArn,
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: oneLine(why),
      }),
    );
  }
}

/** `arn:…:model-package/<group>/<version>` */
function versionOf(modelPackageArn: string): number {
  const version = /\/(\d+)$/.exec(modelPackageArn)?.[1];
  if (!version)
    throw new Error(`'${modelPackageArn}' does not end in a version, as a package of a group must`);
  return Number(version);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, longestDescription);
}
