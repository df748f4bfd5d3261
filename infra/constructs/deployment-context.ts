import { join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ProjectCatalog } from '../../lambdas/contracts/project-definition.ts';
import { HandlerBundles } from '../bundling/handler-bundles.ts';
import type { Environment } from '../config/environments.ts';

/** What every construct of a deployment is given: its values, its projects, where the checkout is. */
export interface DeploymentContext {
  readonly environment: Environment;
  readonly projects: ProjectCatalog;
  /** Folder of the checkout. */
  readonly root: string;
  readonly bundles: HandlerBundles;
  readonly logRetention: RetentionDays;
  /** For what can be made again: logs, queues, functions. */
  readonly disposable: RemovalPolicy;
  /** For data and keys. */
  readonly durable: RemovalPolicy;
}

const retentions = {
  7: RetentionDays.ONE_WEEK,
  30: RetentionDays.ONE_MONTH,
  365: RetentionDays.ONE_YEAR,
} as const;

export function deploymentContext(
  environment: Environment,
  projects: ProjectCatalog,
  root: string,
): DeploymentContext {
  return {
    environment,
    projects,
    root,
    bundles: new HandlerBundles({
      root,
      platform: environment.functionPlatform,
      projects,
      // Two syntheses at once must not share a folder.
      output: join(root, '.millrace/bundles', `${environment.prefix}-${process.pid}`),
    }),
    logRetention: retentions[environment.logRetentionDays],
    disposable: RemovalPolicy.DESTROY,
    durable: environment.dataRemoval === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}
