import type { Deployment } from './deployment.ts';

/**
 * Resources that are not in both deployments alike, the prefix of their names set aside. The CDK sorts the members of
 * a policy by their text, prefix included, and hashes it into some logical ids and statement ids: order within a list and
 * such ids are set aside too.
 */
export function differingResources(
  one: Deployment,
  other: Deployment,
  prefixes: readonly [one: string, other: string],
): readonly string[] {
  const described = (deployment: Deployment, prefix: string): ReadonlySet<string> =>
    new Set(
      deployment.resources.map(({ type, properties, deletionPolicy }) =>
        canonical(
          JSON.parse(JSON.stringify({ type, properties, deletionPolicy }).replaceAll(prefix, 'PREFIX')),
        ),
      ),
    );
  const [first, second] = [described(one, prefixes[0]), described(other, prefixes[1])];
  return [...first, ...second].filter((resource) => !(first.has(resource) && second.has(resource)));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([key]) => key !== 'Sid')
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`);
  return `{${members.toSorted().join()}}`;
}
