import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './support/checkout.ts';
import { functionsOf } from './support/functions.ts';
import { deploymentOf } from './support/synthesis.ts';

const environmentModule = z.object({ env: z.instanceof(z.ZodObject) });

/** Read by Powertools and by Node themselves. */
const notOfTheHandler = ['POWERTOOLS_SERVICE_NAME'];

describe.each(['prod', 'local'] as const)('in %s', (environment) => {
  it.each(functionsOf(deploymentOf(environment)))(
    '$handler is given the variables that its schema asks for, and no other',
    async ({ handler, properties }) => {
      const file = pathToFileURL(join(root, 'lambdas/handlers', handler, 'env.ts')).href;
      const { env } = environmentModule.parse(await import(file));
      const variables = Object.fromEntries(
        Object.entries(properties.Environment.Variables).filter(([name]) => !notOfTheHandler.includes(name)),
      );
      expect(env.strict().safeParse(variables)).toMatchObject({ success: true });
    },
  );
});
