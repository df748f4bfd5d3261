import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentNames } from '../../lambdas/contracts/deployment.ts';
import { root } from './support/checkout.ts';
import { differingResources } from './support/differences.ts';
import { deploymentBy, deploymentOf, environmentValuesOf } from './support/synthesis.ts';

const sources = ['infra/stacks', 'infra/constructs', 'pipelines'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file)),
);

describe.each(sources)('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8');

  it('asks for no environment by its name', () => {
    const named = new RegExp(`(['"\`])(millrace-)?(${environmentNames.join('|')})\\1`);
    expect(text).not.toMatch(named);
    expect(text).not.toMatch(
      /environmentNames?\b|environmentOf|prefix\.(startsWith|endsWith|includes|match)|prefix [!=]==/,
    );
  });

  it('reads nothing of the process and looks nothing up in an account', () => {
    expect(text).not.toMatch(/process\.env|CDK_DEFAULT_|\.fromLookup\(|tryGetContext|Date\.now|Math\.random/);
  });
});

it('the scan has something to look at', () => {
  expect(sources).toEqual(
    expect.arrayContaining([
      'infra/stacks/data-stack.ts',
      'infra/constructs/event-consumer.ts',
      'pipelines/training/training-definition.ts',
    ]),
  );
});

it.each(['millrace-local', 'millrace-dev', 'other'])('prod’s values by the prefix %s make prod', (prefix) => {
  const prod = environmentValuesOf('prod');
  const differing = differingResources(deploymentBy({ ...prod, prefix }), deploymentOf('prod'), [
    prefix,
    prod.prefix,
  ]);
  expect(differing).toEqual([]);
});
