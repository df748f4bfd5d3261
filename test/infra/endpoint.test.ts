import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environmentNames } from '../../lambdas/contracts/deployment.ts';
import { functionOf } from './support/functions.ts';
import { only, resourcesOf } from './support/resources.ts';
import { deploymentOf, environmentValuesOf } from './support/synthesis.ts';

const route = z.object({ RouteKey: z.string(), AuthorizationType: z.string(), Target: z.string() });
const integration = z.object({
  IntegrationType: z.string(),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.string(),
});
const stage = z.object({
  StageName: z.string(),
  AutoDeploy: z.boolean(),
  DefaultRouteSettings: z
    .object({ ThrottlingRateLimit: z.number(), ThrottlingBurstLimit: z.number() })
    .optional(),
  AccessLogSettings: z.object({ DestinationArn: z.string(), Format: z.string() }).optional(),
});

/** Where anyone who reaches the endpoint may call it. */
const open: readonly string[] = ['local'];

describe.each(environmentNames)('the endpoint of %s', (environment) => {
  const deployment = deploymentOf(environment);
  const values = environmentValuesOf(environment);

  it(`answers ${open.includes(environment) ? 'whoever reaches it' : 'principals signed by IAM alone'}`, () => {
    const routes = resourcesOf(deployment, 'AWS::ApiGatewayV2::Route', route).map(
      ({ properties }) => properties,
    );
    const expected = open.includes(environment) ? 'NONE' : 'AWS_IAM';
    expect(routes.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType])).toEqual([
      ['GET /{proxy+}', expected],
      ['POST /{proxy+}', expected],
    ]);
  });

  it('is answered by serve-predictions', () => {
    const { properties, ref } = only(
      resourcesOf(deployment, 'AWS::ApiGatewayV2::Integration', integration),
      'integration',
    );
    expect(properties).toEqual({
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: functionOf(deployment, 'serve-predictions').arn,
      PayloadFormatVersion: '2.0',
    });
    for (const each of resourcesOf(deployment, 'AWS::ApiGatewayV2::Route', route)) {
      expect(each.properties.Target).toBe(`integrations/${ref}`);
    }
  });

  it('takes as many requests as its environment says and writes down each', () => {
    const { properties } = only(resourcesOf(deployment, 'AWS::ApiGatewayV2::Stage', stage), 'stage');
    expect(properties).toMatchObject({ StageName: '$default', AutoDeploy: true });
    expect(properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: values.throttle.ratePerSecond,
      ThrottlingBurstLimit: values.throttle.burst,
    });
    const logs = only(
      resourcesOf(deployment, 'AWS::Logs::LogGroup', z.object({ RetentionInDays: z.number() })).filter(
        ({ arn }) => arn === properties.AccessLogSettings?.DestinationArn,
      ),
      'access log group',
    );
    expect(logs.properties.RetentionInDays).toBe(values.logRetentionDays);
    expect(properties.AccessLogSettings?.Format).toContain('$context.requestId');
  });
});

it('every environment limits its requests', () => {
  for (const name of environmentNames) {
    const { ratePerSecond, burst } = environmentValuesOf(name).throttle;
    expect(ratePerSecond).toBeGreaterThan(0);
    expect(burst).toBeGreaterThanOrEqual(ratePerSecond);
  }
});
