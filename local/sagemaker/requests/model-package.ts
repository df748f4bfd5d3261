import { ProductionVariantInstanceType, TransformInstanceType } from '@aws-sdk/client-sagemaker';
import { z } from 'zod';
import {
  clientToken,
  contentType,
  entityNameSchema,
  groupNameOrArn,
  kmsKeyId,
  maxResults,
  nameContains,
  nextToken,
  packageNameOrArn,
  s3Uri,
  sortOrder,
  tagList,
  timestamp,
} from './common.ts';

const description = z
  .string()
  .max(1024)
  .regex(/^[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*$/u);
const digest = z.string().regex(/^[Ss][Hh][Aa]256:[0-9a-fA-F]{64}$/);
const metadataText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const metricsSource = z.strictObject({
  ContentType: contentType,
  ContentDigest: digest.optional(),
  S3Uri: s3Uri,
});
const statisticsAndConstraints = z.strictObject({
  Statistics: metricsSource.optional(),
  Constraints: metricsSource.optional(),
});
const fileSource = z.strictObject({
  ContentType: contentType.optional(),
  ContentDigest: digest.optional(),
  S3Uri: s3Uri,
});

const container = z.strictObject({
  ContainerHostname: entityNameSchema.optional(),
  Image: z.string().max(255).regex(/^\S+$/).optional(),
  ImageDigest: digest.optional(),
  ModelDataUrl: s3Uri.optional(),
  ModelDataSource: z
    .strictObject({
      S3DataSource: z
        .strictObject({
          S3Uri: s3Uri,
          S3DataType: z.enum(['S3Prefix', 'S3Object']),
          CompressionType: z.enum(['None', 'Gzip']),
        })
        .optional(),
    })
    .optional(),
  Environment: z
    .record(
      z
        .string()
        .max(1024)
        .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/),
      z.string().max(1024),
    )
    .optional(),
  ModelInput: z.strictObject({ DataInputConfig: z.string().min(1).max(16384) }).optional(),
  Framework: z.string().optional(),
  FrameworkVersion: z
    .string()
    .min(3)
    .max(10)
    .regex(/^[0-9]\.[A-Za-z0-9.-]+$/)
    .optional(),
  NearestModelName: z.string().optional(),
  ModelDataETag: z.string().optional(),
});

const inferenceMembers = {
  Containers: z.array(container).min(1).max(15),
  SupportedTransformInstanceTypes: z.array(z.enum(TransformInstanceType)).min(1).optional(),
  SupportedRealtimeInferenceInstanceTypes: z.array(z.enum(ProductionVariantInstanceType)).optional(),
  SupportedContentTypes: z.array(contentType).optional(),
  SupportedResponseMIMETypes: z
    .array(
      z
        .string()
        .max(1024)
        .regex(/^[-\w]+\/.+$/),
    )
    .optional(),
};

const customerMetadata = z
  .record(z.string().min(1).max(128).regex(metadataText), z.string().min(1).max(256).regex(metadataText))
  .refine((map) => {
    const size = Object.keys(map).length;
    return size >= 1 && size <= 50;
  }, 'Member must have between 1 and 50 entries');

const modelLifeCycle = z.strictObject({
  Stage: entityNameSchema,
  StageStatus: entityNameSchema,
  StageDescription: z.string().max(1024).optional(),
});

const sourceUri = z
  .string()
  .max(1024)
  .regex(/^[\p{L}\p{M}\p{Z}\p{N}\p{P}]*$/u);

export const modelApprovalStatus = z.enum(['Approved', 'Rejected', 'PendingManualApproval']);

export const createModelPackageInput = z.strictObject({
  ModelPackageName: entityNameSchema.optional(),
  ModelPackageGroupName: groupNameOrArn.optional(),
  ModelPackageDescription: description.optional(),
  ModelPackageRegistrationType: z.enum(['Logged', 'Registered']).optional(),
  InferenceSpecification: z.strictObject(inferenceMembers).optional(),
  CertifyForMarketplace: z.boolean().optional(),
  Tags: tagList.optional(),
  ModelApprovalStatus: modelApprovalStatus.optional(),
  MetadataProperties: z
    .strictObject({
      CommitId: z.string().max(1024).optional(),
      Repository: z.string().max(1024).optional(),
      GeneratedBy: z.string().max(1024).optional(),
      ProjectId: z.string().max(1024).optional(),
    })
    .optional(),
  ModelMetrics: z
    .strictObject({
      ModelQuality: statisticsAndConstraints.optional(),
      ModelDataQuality: statisticsAndConstraints.optional(),
      Bias: z
        .strictObject({
          Report: metricsSource.optional(),
          PreTrainingReport: metricsSource.optional(),
          PostTrainingReport: metricsSource.optional(),
        })
        .optional(),
      Explainability: z.strictObject({ Report: metricsSource.optional() }).optional(),
    })
    .optional(),
  ClientToken: clientToken.optional(),
  Domain: z.string().optional(),
  Task: z.string().optional(),
  SamplePayloadUrl: s3Uri.optional(),
  CustomerMetadataProperties: customerMetadata.optional(),
  DriftCheckBaselines: z
    .strictObject({
      Bias: z
        .strictObject({
          ConfigFile: fileSource.optional(),
          PreTrainingConstraints: metricsSource.optional(),
          PostTrainingConstraints: metricsSource.optional(),
        })
        .optional(),
      Explainability: z
        .strictObject({ Constraints: metricsSource.optional(), ConfigFile: fileSource.optional() })
        .optional(),
      ModelQuality: statisticsAndConstraints.optional(),
      ModelDataQuality: statisticsAndConstraints.optional(),
    })
    .optional(),
  AdditionalInferenceSpecifications: z
    .array(
      z.strictObject({ Name: entityNameSchema, Description: description.optional(), ...inferenceMembers }),
    )
    .min(1)
    .max(15)
    .optional(),
  SkipModelValidation: z.enum(['All', 'None']).optional(),
  SourceUri: sourceUri.optional(),
  SecurityConfig: z.strictObject({ KmsKeyId: kmsKeyId }).optional(),
  ModelCard: z
    .strictObject({
      ModelCardContent: z.string().max(100000).optional(),
      ModelCardStatus: z.enum(['Draft', 'PendingReview', 'Approved', 'Archived']).optional(),
    })
    .optional(),
  ModelLifeCycle: modelLifeCycle.optional(),
});
export type CreateModelPackageInput = z.infer<typeof createModelPackageInput>;

export const describeModelPackageInput = z.strictObject({
  ModelPackageName: packageNameOrArn,
  IncludedData: z.enum(['AllData', 'MetadataOnly']).optional(),
});

export const deleteModelPackageInput = z.strictObject({ ModelPackageName: packageNameOrArn });

export const updateModelPackageInput = z.strictObject({
  ModelPackageArn: z
    .string()
    .max(2048)
    .regex(/^arn:aws[a-z-]*:sagemaker:[a-z0-9-]{9,16}:[0-9]{12}:model-package\/\S{1,2048}$/),
  ModelApprovalStatus: modelApprovalStatus.optional(),
  ApprovalDescription: z.string().max(1024).optional(),
  CustomerMetadataProperties: customerMetadata.optional(),
  CustomerMetadataPropertiesToRemove: z.array(z.string().min(1).max(128)).optional(),
  SourceUri: sourceUri.optional(),
  ModelLifeCycle: modelLifeCycle.optional(),
  ClientToken: clientToken.optional(),
});
export type UpdateModelPackageInput = z.infer<typeof updateModelPackageInput>;

export const listModelPackagesInput = z.strictObject({
  CreationTimeAfter: timestamp.optional(),
  CreationTimeBefore: timestamp.optional(),
  MaxResults: maxResults.optional(),
  NameContains: nameContains.optional(),
  ModelApprovalStatus: modelApprovalStatus.optional(),
  ModelPackageGroupName: groupNameOrArn.optional(),
  ModelPackageType: z.enum(['Versioned', 'Unversioned', 'Both']).optional(),
  NextToken: nextToken.optional(),
  SortBy: z.enum(['Name', 'CreationTime']).optional(),
  SortOrder: sortOrder.optional(),
});

export const createModelPackageGroupInput = z.strictObject({
  ModelPackageGroupName: entityNameSchema,
  ModelPackageGroupDescription: description.optional(),
  Tags: tagList.optional(),
});

export const namedGroupInput = z.strictObject({ ModelPackageGroupName: groupNameOrArn });

export const listModelPackageGroupsInput = z.strictObject({
  CreationTimeAfter: timestamp.optional(),
  CreationTimeBefore: timestamp.optional(),
  MaxResults: maxResults.optional(),
  NameContains: nameContains.optional(),
  NextToken: nextToken.optional(),
  SortBy: z.enum(['Name', 'CreationTime']).optional(),
  SortOrder: sortOrder.optional(),
  CrossAccountFilterOption: z.enum(['SameAccount', 'CrossAccount']).optional(),
});
