import { z } from 'zod';
import type { Deployment, Resource } from './deployment.ts';

/**
 * Resources of a type with the properties that a test looks at, read by its schema.
 * @throws when there is none: an assertion over nothing proves nothing
 */
export function resourcesOf<Schema extends z.ZodType>(
  deployment: Deployment,
  type: string,
  schema: Schema,
): readonly (Omit<Resource, 'properties'> & { readonly properties: z.infer<Schema> })[] {
  const found = deployment.resources.filter((resource) => resource.type === type);
  if (found.length === 0) throw new Error(`the deployment has no ${type}`);
  return found.map((resource) => {
    const parsed = schema.safeParse(resource.properties);
    if (parsed.success) return { ...resource, properties: parsed.data };
    throw new Error(
      `${resource.id} (${type}) is not as these tests read it:\n${z.prettifyError(parsed.error)}`,
    );
  });
}

/** @throws when none or several match */
export function only<Item>(items: readonly Item[], what: string): Item {
  const [first, ...others] = items;
  if (first === undefined || others.length > 0)
    throw new Error(`expected one ${what}, found ${items.length}`);
  return first;
}
