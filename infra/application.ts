import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import type { ProjectCatalog } from '../lambdas/contracts/project-definition.ts';
import type { Environment } from './config/environments.ts';
import { deploymentContext } from './constructs/deployment-context.ts';
import { ReasonedChecks } from './constructs/reasoned-checks.ts';
import { DataStack } from './stacks/data-stack.ts';
import { MonitoringStack } from './stacks/monitoring-stack.ts';
import { ServingStack } from './stacks/serving-stack.ts';
import { TrainingStack } from './stacks/training-stack.ts';

export interface ApplicationProps extends AppProps {
  readonly environment: Environment;
  readonly projects: ProjectCatalog;
  /** Folder of the checkout. */
  readonly root: string;
}

/** One deployment of Millrace: four stacks, checked by the AwsSolutions rules at every synthesis. */
export class Application extends App {
  readonly data: DataStack;
  readonly training: TrainingStack;
  readonly serving: ServingStack;
  readonly monitoring: MonitoringStack;

  constructor({ environment, projects, root, ...props }: ApplicationProps) {
    super({ analyticsReporting: false, ...props });
    const context = deploymentContext(environment, projects, root);
    const name = (room: string): string => `${environment.prefix}-${room}`;
    this.data = new DataStack(this, name('data'), { context });
    this.training = new TrainingStack(this, name('training'), { context, data: this.data });
    this.serving = new ServingStack(this, name('serving'), { context, data: this.data });
    this.monitoring = new MonitoringStack(this, name('monitoring'), {
      context,
      data: this.data,
      captureStream: this.serving.captureStream,
    });
    Tags.of(this).add('application', environment.prefix);
    Validations.of(this).addPlugins(new ReasonedChecks(this));
  }
}
