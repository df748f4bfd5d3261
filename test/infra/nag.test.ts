import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { environmentNames } from '../../lambdas/contracts/deployment.ts';
import { deploymentOf, environmentValuesOf, newApplication } from './support/synthesis.ts';

const report = z.object({
  pluginReports: z.array(
    z.object({ pluginName: z.string(), violations: z.array(z.object({ ruleName: z.string() })) }),
  ),
});

function violationsIn(directory: string): readonly string[] {
  const { pluginReports } = report.parse(
    JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')),
  );
  return pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
}

it.each(environmentNames)('%s breaks no rule of the AwsSolutions pack', (name) => {
  expect(violationsIn(deploymentOf(name).assembly.directory)).toEqual([]);
});

it('a bucket that talks without TLS fails the synthesis', () => {
  const application = newApplication(environmentValuesOf('prod'));
  new Bucket(application.data, 'Open');
  expect(() => application.synth()).toThrow('does not require requests to use SSL');
  expect(violationsIn(application.outdir)).toContain('AwsSolutions-S10');
});

it('a wildcard that nobody gave a reason for fails the synthesis', () => {
  const application = newApplication(environmentValuesOf('prod'));
  const role = application.training.node.findChild('TrainingRole') as unknown as {
    addToPolicy(statement: PolicyStatement): void;
  };
  role.addToPolicy(
    new PolicyStatement({ effect: Effect.ALLOW, actions: ['s3:*'], resources: ['arn:aws:s3:::of-others'] }),
  );
  expect(() => application.synth()).toThrow('wildcard permissions');
  expect(violationsIn(application.outdir)).toEqual(['AwsSolutions-IAM5[Action::s3:*]']);
});
