import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { Application } from '../../../infra/application.ts';
import { type Environment, environments } from '../../../infra/config/environments.ts';
import { loadProjects } from '../../../infra/load-projects.ts';
import type { EnvironmentName } from '../../../lambdas/contracts/deployment.ts';
import type { ProjectCatalog } from '../../../lambdas/contracts/project-definition.ts';
import { featureFlags, root } from './checkout.ts';
import { type Deployment, readDeployment } from './deployment.ts';

const linux = { os: 'linux', cpu: 'x64' } as const;
const environmentValues = environments(linux);
const projects = await loadProjects(root);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function environmentValuesOf(name: EnvironmentName): Environment {
  return environmentValues[name];
}

export interface ApplicationOptions {
  readonly projects?: ProjectCatalog;
  /** Folder of the checkout. */
  readonly root?: string;
}

/** The application without bundling, not yet synthesized. Its output is gone when the file's tests are over. */
export function newApplication(environment: Environment, options: ApplicationOptions = {}): Application {
  const outdir = mkdtempSync(join(tmpdir(), 'millrace-synth-'));
  folders.push(outdir);
  return new Application({
    environment,
    projects: options.projects ?? projects,
    root: options.root ?? root,
    outdir,
    context: { ...featureFlags(), 'aws:cdk:bundling-stacks': [] },
  });
}

/** Synthesizes the application by these values. */
export function deploymentBy(environment: Environment, options: ApplicationOptions = {}): Deployment {
  return readDeployment(newApplication(environment, options).synth(), environment.prefix);
}

const known = new Map<EnvironmentName, Deployment>();

/** What `-c env=<name>` deploys; synthesized once for all tests of a file. */
export function deploymentOf(name: EnvironmentName): Deployment {
  const deployment = known.get(name) ?? deploymentBy(environmentValuesOf(name));
  known.set(name, deployment);
  return deployment;
}
