import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { environmentNames } from '../../lambdas/contracts/deployment.ts';
import { temporaryDirectory } from '../builders/temporary-directory.ts';
import { cdk } from './support/cdk.ts';
import { readDeployment } from './support/deployment.ts';
import { differingResources } from './support/differences.ts';
import { deploymentOf, environmentValuesOf } from './support/synthesis.ts';

const manifest = z.object({
  artifacts: z.record(z.string(), z.object({ type: z.string(), properties: z.unknown() })),
});
const flagReport = z.object({
  flags: z.record(z.string(), z.object({ userValue: z.unknown().optional() })),
});

// `list` runs the application as `synth` does, but for the bundles.
it.each(environmentNames)('%s synthesizes whatever the shell says about AWS', async (environment) => {
  const { code, stdout, output } = await cdk(temporaryDirectory(), 'list', '-c', `env=${environment}`);
  expect(code).toBe(0);
  const { prefix } = environmentValuesOf(environment);
  expect(stdout.trim().split('\n')).toEqual(
    ['data', 'training', 'serving', 'monitoring'].map((room) => `${prefix}-${room}`),
  );
  // The local environment takes the platform of the machine; the others are the same wherever they are made.
  if (environmentValuesOf(environment).trainingCompute === 'task-token') return;
  const made = readDeployment(new CloudAssembly(output), prefix);
  expect(differingResources(made, deploymentOf(environment), [prefix, prefix])).toEqual([]);
});

it.each([
  {
    what: 'an unknown environment',
    args: ['-c', 'env=nowhere'],
    sentence: "there is no environment 'nowhere'; there are: local, dev, staging, prod",
  },
  {
    what: 'no environment',
    args: [],
    sentence: 'which environment? Add -c env=<name>, one of: local, dev, staging, prod',
  },
])('$what gets a sentence', async ({ args, sentence }) => {
  const { code, stdout, stderr } = await cdk(temporaryDirectory(), 'synth', ...args);
  expect(code).toBe(1);
  expect(stderr.split('\n')[0]).toBe(sentence);
  expect(stdout + stderr).not.toMatch(/^\s+at /m);
});

it('every feature flag of the CDK is decided in cdk.json', () => {
  const { directory } = deploymentOf('prod').assembly;
  const { artifacts } = manifest.parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')));
  const flags = Object.values(artifacts)
    .filter(({ type }) => type === 'cdk:feature-flag-report')
    .flatMap(({ properties }) => Object.entries(flagReport.parse(properties).flags));
  expect(flags.length).toBeGreaterThan(0);
  expect(flags.filter(([, { userValue }]) => userValue === undefined).map(([name]) => name)).toEqual([]);
});
