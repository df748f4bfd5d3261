import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Deployment } from './support/deployment.ts';
import { functionOf, functionsOf } from './support/functions.ts';
import { actionsOn, allowedTo, grantsOf, policyDocument } from './support/permissions.ts';
import { only, resourcesOf } from './support/resources.ts';
import { deploymentOf } from './support/synthesis.ts';

const role = z.object({ AssumeRolePolicyDocument: policyDocument });

function bucketArn(deployment: Deployment, name: string): string {
  return only(
    resourcesOf(deployment, 'AWS::S3::Bucket', z.unknown()).filter(({ id }) => id.startsWith(name)),
    `bucket ${name}`,
  ).arn;
}

function tableArn(deployment: Deployment, name: string): string {
  return only(
    resourcesOf(deployment, 'AWS::DynamoDB::Table', z.unknown()).filter(({ id }) => id.startsWith(name)),
    `table ${name}`,
  ).arn;
}

/** Actions that take no resource, or that are held to one namespace by a condition. */
const withoutResource = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
  'cloudwatch:PutMetricData',
  'ecr:GetAuthorizationToken',
  'dynamodb:ListStreams',
];
const writes = /^(s3:(Put|Delete|Abort)|dynamodb:(Put|Update|Delete|BatchWrite))/;

describe.each(['prod', 'local'] as const)('in %s', (environment) => {
  const deployment = deploymentOf(environment);
  const rights = (handler: string) => allowedTo(deployment, functionOf(deployment, handler).properties.Role);

  it('no role is allowed every action of a service', () => {
    const wide = grantsOf(deployment).filter(({ Action }) =>
      Action.some((action) => /^(\*|[^:]+:\*)$/.test(action)),
    );
    expect(wide).toEqual([]);
  });

  it('a role is allowed an action on everything only where the action takes no resource', () => {
    const wide = grantsOf(deployment).filter(({ Resource }) => Resource?.includes('*') ?? true);
    const actions = wide
      .flatMap(({ Action }) => Action)
      .filter((action) => !withoutResource.includes(action));
    expect(actions).toEqual([]);
    const metrics = wide.filter(({ Action }) => Action.includes('cloudwatch:PutMetricData'));
    expect(metrics.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/TrainingJobs' } },
    ]);
  });

  it('no two functions share a role', () => {
    const roles = functionsOf(deployment).map(({ properties }) => properties.Role);
    expect(new Set(roles).size).toBe(roles.length);
  });

  describe('a training job', () => {
    const trainingRole = only(
      resourcesOf(deployment, 'AWS::IAM::Role', role).filter(({ properties }) =>
        JSON.stringify(properties).includes('sagemaker.amazonaws.com'),
      ),
      'role of SageMaker',
    );
    const allowed = allowedTo(deployment, trainingRole.arn);

    it('reads curated data and does not change it', () => {
      const actions = actionsOn(allowed, bucketArn(deployment, 'Curated'));
      expect(actions).toContain('s3:GetObject*');
      expect(actions.filter((action) => writes.test(action))).toEqual([]);
    });

    it('writes artifacts', () => {
      expect(actionsOn(allowed, bucketArn(deployment, 'Artifacts'))).toContain('s3:PutObject');
    });

    it('touches neither raw data nor a table', () => {
      expect(actionsOn(allowed, bucketArn(deployment, 'Raw'))).toEqual([]);
      expect(
        allowed.flatMap(({ Action }) => Action).filter((action) => action.startsWith('dynamodb:')),
      ).toEqual([]);
    });

    it('cannot sign a model', () => {
      expect(allowed.flatMap(({ Action }) => Action)).not.toContain('kms:Sign');
    });
  });

  describe('serving', () => {
    it('reads artifacts and the routing table, and changes neither', () => {
      const artifacts = actionsOn(rights('serve-predictions'), bucketArn(deployment, 'Artifacts'));
      const routing = actionsOn(rights('serve-predictions'), tableArn(deployment, 'Routing'));
      expect(artifacts).toContain('s3:GetObject*');
      expect(routing).toContain('dynamodb:GetItem');
      expect([...artifacts, ...routing].filter((action) => writes.test(action))).toEqual([]);
    });

    it('verifies signatures and cannot make one', () => {
      const actions = rights('serve-predictions').flatMap(({ Action }) => Action);
      expect(actions).toContain('kms:GetPublicKey');
      expect(actions).not.toContain('kms:Sign');
    });
  });

  it('only register-version signs models', () => {
    const signers = functionsOf(deployment).filter(({ properties }) =>
      allowedTo(deployment, properties.Role).some(({ Action }) => Action.includes('kms:Sign')),
    );
    expect(signers.map(({ handler }) => handler)).toEqual(['register-version']);
  });

  it('nobody changes what lies in the raw bucket', () => {
    expect(
      actionsOn(grantsOf(deployment), bucketArn(deployment, 'Raw')).filter((action) => writes.test(action)),
    ).toEqual([]);
  });
});
