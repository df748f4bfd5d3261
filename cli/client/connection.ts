import type { DeploymentOutputs } from '../../lambdas/contracts/deployment.ts';
import type { AwsClients } from './aws-clients.ts';
import type { Cloud } from './cloud.ts';
import { MillraceError } from './millrace-error.ts';

/** A deployment that was found, and the means to talk to it. */
export interface Connection {
  readonly cloud: Cloud;
  readonly clients: AwsClients;
  readonly outputs: DeploymentOutputs;
  /** Names of the deployed projects, sorted. */
  readonly projects: readonly string[];
}

/** @throws MillraceError that lists the projects there are */
export function requireProject({ cloud, projects }: Connection, project: string): void {
  if (projects.includes(project)) return;
  const known = projects.length === 0 ? 'it has none' : `it has ${projects.join(', ')}`;
  throw new MillraceError(`${cloud.prefix} has no project '${project}': ${known}`);
}
