import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './support/checkout.ts';
import { functionsOf } from './support/functions.ts';
import { only, resourcesOf } from './support/resources.ts';
import { deploymentBy, deploymentOf, environmentValuesOf } from './support/synthesis.ts';

const logGroup = z.object({ LogGroupName: z.string(), RetentionInDays: z.number().optional() });

describe.each(['prod', 'dev', 'local'] as const)('in %s', (environment) => {
  const deployment = deploymentOf(environment);

  it.each(functionsOf(deployment))(
    '$handler runs on Node 24, is traced and logs for a limited time',
    (resource) => {
      const { properties } = resource;
      expect(properties).toMatchObject({
        FunctionName: `${environmentValuesOf(environment).prefix}-${resource.handler}`,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Architectures: ['x86_64'],
        TracingConfig: { Mode: 'Active' },
      });
      const logs = only(
        resourcesOf(deployment, 'AWS::Logs::LogGroup', logGroup).filter(
          ({ ref }) => ref === properties.LoggingConfig?.LogGroup,
        ),
        `log group of ${resource.handler}`,
      );
      expect(logs.properties).toEqual({
        LogGroupName: `/aws/lambda/${properties.FunctionName}`,
        RetentionInDays: environmentValuesOf(environment).logRetentionDays,
      });
    },
  );
});

it('every handler is deployed, those two in the local cloud alone that start and end training jobs there', () => {
  const handlersOf = (environment: 'prod' | 'local') =>
    functionsOf(deploymentOf(environment))
      .map(({ handler }) => handler)
      .toSorted();
  const folders = readdirSync(join(root, 'lambdas/handlers')).toSorted();
  const local = ['finish-training-job', 'start-training-job'];
  expect(handlersOf('local')).toEqual(folders);
  expect(handlersOf('prod')).toEqual(folders.filter((handler) => !local.includes(handler)));
});

it('functions follow the processor that the environment asks for', () => {
  const arm = deploymentBy({
    ...environmentValuesOf('prod'),
    functionPlatform: { os: 'linux', cpu: 'arm64' },
  });
  expect(new Set(functionsOf(arm).flatMap(({ properties }) => properties.Architectures))).toEqual(
    new Set(['arm64']),
  );
});
