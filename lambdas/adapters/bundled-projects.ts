import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectCatalog, type ProjectCatalog } from '../contracts/project-definition.ts';

/** File in each bundle that holds every project of the deployment, written at synthesis. */
export const projectCatalogFile = 'projects.json';

/** Reads the projects that were deployed with this function. @param root the function's task root */
export function bundledProjects(root: string): ProjectCatalog {
  return projectCatalog.parse(JSON.parse(readFileSync(join(root, projectCatalogFile), 'utf8')));
}
