import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadProjects } from '../../../infra/load-projects.ts';
import { feature, projectDefinition } from '../../../lambdas/contracts/project-definition.ts';
import { temporaryDirectory } from '../../builders/temporary-directory.ts';
import { codeBlocks, readDocument, root, tableOf } from './markdown.ts';

const text = readDocument('docs/projects.md');

interface Node {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly oneOf?: readonly Node[];
  readonly default?: unknown;
}

const schemaOf = (schema: z.ZodType): Node => z.toJSONSchema(schema, { io: 'input' }) as Node;

/** Settings by path, with their defaults as JSON. */
function settings(node: Node, at: readonly string[] = []): [path: string, fallback: string][] {
  if (node.properties) {
    return Object.entries(node.properties).flatMap(([name, inner]) => settings(inner, [...at, name]));
  }
  return [[at.join('.'), node.default === undefined ? 'required' : JSON.stringify(node.default)]];
}

const plain = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');
const membersOf = (node: Node | undefined): string[] => [
  ...new Set((node?.oneOf ?? []).flatMap(({ properties = {} }) => Object.keys(properties))),
];

describe('docs/projects.md', () => {
  it('tells every setting of a project with its default, and no other', () => {
    const told = tableOf(text, 'Setting').map(([name, fallback]) => [plain(name), plain(fallback)]);
    expect(told).toEqual(settings(schemaOf(projectDefinition)));
  });

  it.each([
    { column: 'Of a feature', node: schemaOf(feature) },
    {
      column: 'Of the target',
      node: schemaOf(projectDefinition).properties?.['schema']?.properties?.['target'],
    },
  ])('tells everything of a column: $column', ({ column, node }) => {
    const told = tableOf(text, column).map(([name]) => plain(name));
    expect(told.toSorted()).toEqual(membersOf(node).toSorted());
    expect(told).not.toEqual([]);
  });

  it('has an example that loads as a project', async () => {
    const [definition] = codeBlocks(text, 'ts');
    const [pipeline] = codeBlocks(text, 'python');
    const folder = join(temporaryDirectory(), 'checkout');
    const project = join(folder, 'projects/rental-prices');
    mkdirSync(join(project, 'train'), { recursive: true });
    const contracts = pathToFileURL(join(root, 'lambdas/contracts')).href;
    const source = (definition ?? '').replace('../../lambdas/contracts', contracts);
    expect(source).toContain(contracts);
    writeFileSync(join(project, 'project.ts'), source);
    writeFileSync(join(project, 'train/pipeline.py'), pipeline ?? '');
    const loaded = await loadProjects(folder);
    expect(loaded['rental-prices']).toMatchObject({ approval: 'person', rollout: { steps: [10, 50] } });
    expect(pipeline).toContain('def build(config: BuildConfig)');
  });
});
