import type { Stack } from 'aws-cdk-lib';
import { Application } from '../../../infra/application.ts';
import type { Environment } from '../../../infra/config/environments.ts';
import type { ProjectCatalog } from '../../../lambdas/contracts/project-definition.ts';

/** In one application and not in the other, or not the same in both. Names of the deployment are no difference. */
export type Difference =
  | { readonly kind: 'only'; readonly side: 'local' | 'aws'; readonly path: string }
  | {
      readonly kind: 'property';
      /** Construct path without the deployment's prefix: `training/TrainingMachine/Machine/Resource`. */
      readonly path: string;
      readonly type: string;
      /** Without the places in lists. */
      readonly property: string;
    };

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Resource {
  readonly Type: string;
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
  readonly [member: string]: unknown;
}
interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/** Synthesizes without bundling: the handlers' sources stand for their bundles, alike for both. */
export function templatesOf(
  environment: Environment,
  projects: ProjectCatalog,
  root: string,
  outdir: string,
): Template[] {
  const context = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true };
  const app = new Application({ environment, projects, root, outdir, context });
  const stacks: readonly Stack[] = [app.data, app.training, app.serving, app.monitoring];
  const assembly = app.synth();
  return stacks.map(({ artifactId }) =>
    normalized(assembly.getStackArtifact(artifactId).template as Template, environment.prefix),
  );
}

/** Takes the deployment's prefix out of names, and the hashes that the CDK makes from them. */
function normalized(template: Template, prefix: string): Template {
  const text = JSON.stringify(template)
    .replaceAll(`${prefix}-`, '')
    .replaceAll(prefix, 'PREFIX')
    .replaceAll(prefix.replaceAll('-', ''), 'PREFIX')
    .replaceAll(/(\w*PREFIX\w*?)[0-9A-F]{8,16}\b/g, '$1');
  return JSON.parse(text) as Template;
}

export function templateDifferences(local: readonly Template[], aws: readonly Template[]): Difference[] {
  const [ours, theirs] = [byPath(local), byPath(aws)];
  const paths = new Set([...ours.keys(), ...theirs.keys()]);
  return [...paths].flatMap((path): Difference[] => {
    const [left, right] = [ours.get(path), theirs.get(path)];
    if (!left) return [{ kind: 'only', side: 'aws', path }];
    if (!right) return [{ kind: 'only', side: 'local', path }];
    const properties = new Set(unequal(membersOf(left), membersOf(right), []));
    return [...properties].map((property) => ({ kind: 'property', path, type: left.Type, property }));
  });
}

function byPath(templates: readonly Template[]): Map<string, Resource> {
  const found = new Map<string, Resource>();
  for (const { Resources, Outputs = {} } of templates) {
    for (const [id, resource] of Object.entries(Resources)) {
      const path = resource.Metadata?.['aws:cdk:path'] ?? id;
      if (found.has(path)) throw new Error(`two resources have the path ${path}`);
      found.set(path, resource);
    }
    for (const [id, output] of Object.entries(Outputs)) {
      found.set(`output ${id}`, { Type: 'Output', Properties: output });
    }
  }
  return found;
}

/** Properties by their own name; what stands beside them, such as `DeletionPolicy`, likewise. */
function membersOf({ Type, Metadata: _path, Properties, ...beside }: Resource): Json {
  return { Type, ...beside, ...(Properties as Record<string, Json>) };
}

function unequal(left: Json | undefined, right: Json | undefined, at: readonly string[]): string[] {
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    return left.flatMap((item, index) => unequal(item, right[index], at));
  }
  if (isRecord(left) && isRecord(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].flatMap((key) => unequal(left[key], right[key], [...at, key]));
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [at.join('.')];
}

const isRecord = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
