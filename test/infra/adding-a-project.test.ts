import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadProjects } from '../../infra/load-projects.ts';
import { addProject, copiedCheckout } from './support/copied-checkout.ts';
import { functionOf } from './support/functions.ts';
import { deploymentBy, deploymentOf, environmentValuesOf } from './support/synthesis.ts';

const pipeline = 'def build(**hyperparameters):\n    raise NotImplementedError\n';
const regression = `
import { defineProject } from '../../lambdas/contracts/project-definition.ts';

export default defineProject({
  name: 'house-prices',
  description: 'What a house sells for',
  schema: {
    features: {
      area: { type: 'number', minimum: 1 },
      quarter: { type: 'category', values: ['north', 'south'] },
    },
    target: { column: 'price', type: 'number', minimum: 0 },
  },
  gate: { primaryMetric: 'rootMeanSquaredError', bounds: { meanAbsoluteError: 50000 } },
});
`;

describe('a folder under projects/ is a project', () => {
  it('is in the catalog, and what was there stays', async () => {
    const checkout = copiedCheckout();
    const before = await loadProjects(checkout);
    addProject(checkout, 'house-prices', { 'project.ts': regression, 'train/pipeline.py': pipeline });
    const after = await loadProjects(checkout);
    expect(after).toEqual({ ...before, 'house-prices': after['house-prices'] });
    expect(after['house-prices']).toMatchObject({
      name: 'house-prices',
      schema: { target: { type: 'number' } },
      gate: { primaryMetric: 'rootMeanSquaredError', minimumUplift: 0 },
    });
  });

  it('is deployed: its code, its name, and not one resource more', async () => {
    const checkout = copiedCheckout();
    addProject(checkout, 'house-prices', { 'project.ts': regression, 'train/pipeline.py': pipeline });
    const environment = environmentValuesOf('prod');
    const deployment = deploymentBy(environment, { projects: await loadProjects(checkout), root: checkout });

    const code = (of: typeof deployment): Record<string, string> =>
      z
        .record(z.string(), z.string())
        .parse(
          JSON.parse(
            functionOf(of, 'prepare-training').properties.Environment.Variables['TRAINING_CODE'] ?? '',
          ),
        );
    const before = code(deploymentOf('prod'));
    const { 'house-prices': added, ...others } = code(deployment);
    expect(others).toEqual(before);
    expect(added).toMatch(/^s3:\/\/cdk-[^/]+\/[0-9a-f]{64}\.zip$/);
    expect(Object.values(before)).not.toContain(added);

    const projects = (of: typeof deployment): unknown =>
      JSON.parse(z.string().parse(of.outputsOf('data')['Projects']));
    expect(projects(deployment)).toEqual(
      [...z.array(z.string()).parse(projects(deploymentOf('prod'))), 'house-prices'].toSorted(),
    );

    const ids = (of: typeof deployment) => of.resources.map(({ stack, id }) => `${stack}/${id}`).toSorted();
    expect(ids(deployment)).toEqual(ids(deploymentOf('prod')));
  });
});

describe('a folder that is no project gets a sentence', () => {
  const cases = [
    {
      what: 'no project.ts',
      files: { 'train/pipeline.py': pipeline },
      sentence: 'projects/house-prices has no project.ts; add one or remove the folder',
    },
    {
      what: 'no train/pipeline.py',
      files: { 'project.ts': regression },
      sentence:
        'projects/house-prices has no train/pipeline.py; a project is trained by its build() function',
    },
    {
      what: 'another name than its folder’s',
      files: {
        'project.ts': regression.replace("'house-prices'", "'houses'"),
        'train/pipeline.py': pipeline,
      },
      sentence: "projects/house-prices/project.ts is named 'houses'; folder and name must agree",
    },
    {
      what: 'an export that is no definition',
      files: { 'project.ts': 'export default { name: 12 };\n', 'train/pipeline.py': pipeline },
      sentence: 'projects/house-prices/project.ts must export defineProject({ … }) by default',
    },
    {
      what: 'a metric that does not fit its target',
      files: {
        'project.ts': regression.replace("'rootMeanSquaredError'", "'accuracy'"),
        'train/pipeline.py': pipeline,
      },
      sentence: "project 'house-prices' is not valid:\n✖ gate names a metric that does not fit the target",
    },
  ];

  it.each(cases)('$what', async ({ files, sentence }) => {
    const checkout = copiedCheckout();
    addProject(checkout, 'house-prices', Object.fromEntries(Object.entries(files)));
    await expect(loadProjects(checkout)).rejects.toThrow(sentence);
  });
});
