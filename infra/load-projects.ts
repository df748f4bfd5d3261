import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectDefinition, type ProjectCatalog } from '../lambdas/contracts/project-definition.ts';

/**
 * Every ML project of the checkout: a folder of `projects/` with a `project.ts` that exports a definition by default
 * and a `train/` folder. Adding a project is adding such a folder.
 * @throws a sentence that names the folder and what is missing
 */
export async function loadProjects(root: string): Promise<ProjectCatalog> {
  const folder = join(root, 'projects');
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
  const catalog: ProjectCatalog = {};
  for (const name of names) {
    const file = join(folder, name, 'project.ts');
    if (!existsSync(file))
      throw new Error(`projects/${name} has no project.ts; add one or remove the folder`);
    if (!existsSync(join(folder, name, 'train', 'pipeline.py'))) {
      throw new Error(
        `projects/${name} has no train/pipeline.py; a project is trained by its build() function`,
      );
    }
    const { default: definition } = (await import(pathToFileURL(file).href)) as { default: unknown };
    const parsed = projectDefinition.safeParse(definition);
    if (!parsed.success) {
      throw new Error(`projects/${name}/project.ts must export defineProject({ … }) by default`);
    }
    if (parsed.data.name !== name) {
      throw new Error(
        `projects/${name}/project.ts is named '${parsed.data.name}'; folder and name must agree`,
      );
    }
    catalog[name] = parsed.data;
  }
  return catalog;
}
