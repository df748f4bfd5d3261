import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { type IGrantable, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** Allows actions on the model packages and groups whose names begin with the deployment's prefix. */
export function packageActions(
  stack: Stack,
  grantee: IGrantable,
  prefix: string,
  actions: readonly string[],
): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: [...actions],
      resources: ['model-package', 'model-package-group'].map((resource) =>
        stack.formatArn({ service: 'sagemaker', resource, resourceName: `${prefix}-*` }),
      ),
    }),
  );
}

/**
 * What `createTrainingJob.sync` needs, which no L2 task grants for us: the job's actions, passing its role, and the
 * managed rule by which Step Functions hears of its end.
 */
export function trainingJobActions(stack: Stack, machine: StateMachine, trainingRole: IRole): void {
  machine.addToRolePolicy(
    new PolicyStatement({
      actions: [
        'sagemaker:CreateTrainingJob',
        'sagemaker:DescribeTrainingJob',
        'sagemaker:StopTrainingJob',
        'sagemaker:AddTags',
        'sagemaker:ListTags',
      ],
      resources: [stack.formatArn({ service: 'sagemaker', resource: 'training-job', resourceName: '*' })],
    }),
  );
  machine.addToRolePolicy(
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [trainingRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    }),
  );
  machine.addToRolePolicy(
    new PolicyStatement({
      actions: ['events:PutRule', 'events:PutTargets', 'events:DescribeRule'],
      resources: [
        stack.formatArn({
          service: 'events',
          resource: 'rule',
          resourceName: 'StepFunctionsGetEventsForSageMakerTrainingJobsRule',
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
    }),
  );
}
