import { expect, it } from 'vitest';
import { z } from 'zod';
import { deploymentOutputs, environmentNames } from '../../lambdas/contracts/deployment.ts';
import { projectName } from '../../lambdas/contracts/primitives.ts';
import { deploymentOf } from './support/synthesis.ts';

const rooms = z.record(z.string(), z.instanceof(z.ZodObject)).parse(deploymentOutputs);

it.each(
  environmentNames.flatMap((environment) =>
    Object.entries(rooms).map(([room, schema]) => ({ environment, room, schema })),
  ),
)(
  'the $room stack of $environment tells its users what the contract promises',
  ({ environment, room, schema }) => {
    expect(schema.safeParse(deploymentOf(environment).outputsOf(room))).toMatchObject({ success: true });
  },
);

it('the projects are given as the command line reads them', () => {
  const { Projects } = deploymentOutputs.data.parse(deploymentOf('prod').outputsOf('data'));
  expect(z.array(projectName).parse(JSON.parse(Projects))).toContain('breast-cancer');
});
