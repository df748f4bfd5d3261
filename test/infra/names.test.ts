import { expect, it } from 'vitest';
import { environmentNames, type EnvironmentName } from '../../lambdas/contracts/deployment.ts';
import { deploymentOf, environmentValuesOf } from './support/synthesis.ts';

/** Where a type of resource is given its physical name. */
const nameProperties = [
  'Name',
  'AlarmName',
  'AliasName',
  'BucketName',
  'FunctionName',
  'LogGroupName',
  'QueueName',
  'RepositoryName',
  'RoleName',
  'StateMachineName',
  'StreamName',
  'TableName',
  'TopicName',
];
/** They name a function of somebody else's. */
const referring = ['AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Permission'];

function physicalNames(environment: EnvironmentName): readonly string[] {
  return deploymentOf(environment)
    .resources.filter(({ type }) => !referring.includes(type))
    .flatMap(({ properties }) => nameProperties.map((property) => properties[property]))
    .filter((name) => typeof name === 'string');
}

it.each(environmentNames)('every physical name of %s carries its prefix', (environment) => {
  const { prefix } = environmentValuesOf(environment);
  const names = [...deploymentOf(environment).stackNames, ...physicalNames(environment)];
  expect(names).toEqual(
    expect.arrayContaining([`${prefix}-data`, prefix, `${prefix}-training`, `${prefix}/trainer`]),
  );
  const strange = names.filter((name) => !new RegExp(`^(/aws/[a-z/]+/)?${prefix}([-/]|$)`).test(name));
  expect(strange).toEqual([]);
});

it('environments can lie side by side in one account', () => {
  const names = environmentNames.flatMap((environment) => [...new Set(physicalNames(environment))]);
  expect(new Set(names).size).toBe(names.length);
});
