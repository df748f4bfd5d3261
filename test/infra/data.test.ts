import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environmentNames } from '../../lambdas/contracts/deployment.ts';
import { policyDocument } from './support/permissions.ts';
import { only, resourcesOf } from './support/resources.ts';
import { deploymentOf, environmentValuesOf } from './support/synthesis.ts';

const bucket = z.object({
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  PublicAccessBlockConfiguration: z.record(z.string(), z.boolean()).optional(),
  BucketEncryption: z.object({
    ServerSideEncryptionConfiguration: z.array(
      z.object({
        ServerSideEncryptionByDefault: z.object({
          SSEAlgorithm: z.string(),
          KMSMasterKeyID: z.string().optional(),
        }),
        BucketKeyEnabled: z.boolean().optional(),
      }),
    ),
  }),
  AccessControl: z.string().optional(),
  LoggingConfiguration: z.object({ DestinationBucketName: z.string() }).optional(),
  NotificationConfiguration: z
    .object({ EventBridgeConfiguration: z.object({ EventBridgeEnabled: z.boolean() }) })
    .optional(),
});
const bucketPolicy = z.object({ Bucket: z.string(), PolicyDocument: policyDocument });
const table = z.object({
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
  BillingMode: z.string().optional(),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.boolean() }).optional(),
  SSESpecification: z
    .object({ SSEEnabled: z.boolean(), SSEType: z.string(), KMSMasterKeyId: z.string() })
    .optional(),
});
const key = z.object({
  KeySpec: z.string().optional(),
  KeyUsage: z.string().optional(),
  EnableKeyRotation: z.boolean().optional(),
});
const repository = z.object({
  ImageScanningConfiguration: z.object({ ScanOnPush: z.boolean() }).optional(),
  ImageTagMutability: z.string().optional(),
  EncryptionConfiguration: z.object({ EncryptionType: z.string(), KmsKey: z.string() }).optional(),
});

const prod = deploymentOf('prod');
const keys = resourcesOf(prod, 'AWS::KMS::Key', key);
const dataKey = only(
  keys.filter(({ id }) => id.startsWith('DataKey')),
  'data key',
);
const buckets = resourcesOf(prod, 'AWS::S3::Bucket', bucket);

describe('buckets', () => {
  it.each(buckets)('$id keeps every version and is closed to the public', ({ properties }) => {
    expect(properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(properties.AccessControl).toBeUndefined();
  });

  it.each(buckets)('$id refuses whoever comes without TLS', ({ ref, arn }) => {
    const { properties } = only(
      resourcesOf(prod, 'AWS::S3::BucketPolicy', bucketPolicy).filter(
        (policy) => policy.properties.Bucket === ref,
      ),
      `policy of ${ref}`,
    );
    expect(properties.PolicyDocument.Statement).toContainEqual({
      Effect: 'Deny',
      Action: ['s3:*'],
      Principal: { AWS: '*' },
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  it.each(['Raw', 'Curated', 'Artifacts'])('%s is encrypted by our key and logs who reads it', (name) => {
    const { properties } = only(
      buckets.filter(({ id }) => id.startsWith(name)),
      `bucket ${name}`,
    );
    expect(properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      {
        // A key a bucket, not a call to KMS an object.
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: dataKey.arn },
      },
    ]);
    const logs = only(
      buckets.filter(({ ref }) => ref === properties.LoggingConfiguration?.DestinationBucketName),
      'bucket of access logs',
    );
    expect(logs.id).toMatch(/^AccessLogs/);
  });

  it('the raw bucket alone announces its objects on EventBridge', () => {
    const announcing = buckets.filter(
      ({ properties }) => properties.NotificationConfiguration?.EventBridgeConfiguration.EventBridgeEnabled,
    );
    expect(announcing.map(({ id }) => id)).toEqual([expect.stringMatching(/^Raw/)]);
  });
});

describe('tables', () => {
  it.each(resourcesOf(prod, 'AWS::DynamoDB::Table', table))(
    '$id streams its changes, recovers to a point in time and is encrypted by our key',
    ({ properties }) => {
      expect(properties.KeySchema).toEqual([
        { AttributeName: 'project', KeyType: 'HASH' },
        { AttributeName: 'record', KeyType: 'RANGE' },
      ]);
      expect(properties.BillingMode).toBe('PAY_PER_REQUEST');
      expect(properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
      expect(properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
      expect(properties.SSESpecification).toEqual({
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: dataKey.arn,
      });
    },
  );
});

describe('keys and images', () => {
  it('models are signed by an elliptic-curve key that can do nothing else', () => {
    const signing = only(
      keys.filter(({ id }) => id.startsWith('SigningKey')),
      'signing key',
    );
    expect(signing.properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  });

  it('the data key rotates', () => {
    expect(dataKey.properties.EnableKeyRotation).toBe(true);
  });

  it.each(resourcesOf(prod, 'AWS::ECR::Repository', repository))(
    '$id scans each image, keeps a tag on one image and is encrypted by our key',
    ({ properties }) => {
      expect(properties).toEqual({
        ImageScanningConfiguration: { ScanOnPush: true },
        ImageTagMutability: 'IMMUTABLE',
        EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: dataKey.arn },
      });
    },
  );
});

describe.each(environmentNames)('when the stacks of %s are deleted', (name) => {
  const durable = ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::ECR::Repository'];
  const policy = environmentValuesOf(name).dataRemoval === 'retain' ? 'Retain' : 'Delete';

  it.each(durable)(`%s: ${policy}`, (type) => {
    // A repository's name is fixed: kept after a failed first deployment, it would be in the way of the next.
    const named = type === 'AWS::ECR::Repository' && policy === 'Retain';
    for (const resource of resourcesOf(deploymentOf(name), type, z.unknown())) {
      expect([resource.id, resource.deletionPolicy, resource.updateReplacePolicy]).toEqual([
        resource.id,
        named ? 'RetainExceptOnCreate' : policy,
        policy,
      ]);
    }
  });
});

it('data outlives the stacks in staging and prod', () => {
  expect(environmentNames.filter((name) => environmentValuesOf(name).dataRemoval === 'retain')).toEqual([
    'staging',
    'prod',
  ]);
});
