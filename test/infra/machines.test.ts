import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { evaluateInput, trainingJobRequest } from '../../lambdas/contracts/training-steps.ts';
import { functionOf } from './support/functions.ts';
import { machineOf, machinesOf, type State } from './support/machines.ts';
import { allowedTo } from './support/permissions.ts';
import { only, resourcesOf } from './support/resources.ts';
import { deploymentOf, environmentValuesOf } from './support/synthesis.ts';

const prod = deploymentOf('prod');
const local = deploymentOf('local');
const onAws = machineOf(prod, 'training');
const onThisMachine = machineOf(local, 'training');

function stateOf({ states }: { readonly states: Readonly<Record<string, State>> }, name: string): State {
  const state = states[name];
  if (!state) throw new Error(`no state ${name} among ${Object.keys(states).join(', ')}`);
  return state;
}

describe.each(['prod', 'local'] as const)('every machine of %s', (environment) => {
  const deployment = deploymentOf(environment);

  it.each(machinesOf(deployment))(
    '$properties.StateMachineName is traced, logs everything and ends in time',
    ({ properties }) => {
      expect(properties.StateMachineType).toBe('STANDARD');
      expect(properties.TracingConfiguration).toEqual({ Enabled: true });
      expect(properties.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: true });
      const groups = resourcesOf(
        deployment,
        'AWS::Logs::LogGroup',
        z.object({ LogGroupName: z.string(), RetentionInDays: z.number() }),
      );
      const destination = only(properties.LoggingConfiguration?.Destinations ?? [], 'log destination');
      const group = only(
        groups.filter(({ arn }) => destination.CloudWatchLogsLogGroup.LogGroupArn === arn),
        'log group',
      );
      expect(group.properties).toEqual({
        // CloudWatch keeps no more than so many policies of its own for groups under other names.
        LogGroupName: `/aws/vendedlogs/states/${properties.StateMachineName}`,
        RetentionInDays: environmentValuesOf(environment).logRetentionDays,
      });
      expect(properties.DefinitionString.TimeoutSeconds).toBeGreaterThan(0);
    },
  );

  it('a state that tries everything again never tries a permanent error again', () => {
    const tasks = machinesOf(deployment).flatMap(({ properties }) =>
      Object.entries(properties.DefinitionString.States).filter(([, { Type }]) => Type === 'Task'),
    );
    const blanket = tasks.filter(([, { Retry }]) =>
      Retry?.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL')),
    );
    expect(blanket.map(([name]) => name)).toEqual(
      expect.arrayContaining(['Prepare', 'Evaluate', 'Register', 'Advance']),
    );
    for (const [, { Retry }] of blanket) {
      expect(Retry?.[0]).toEqual({ ErrorEquals: ['PermanentError'], MaxAttempts: 0 });
    }
  });

  it('every task has an end in time or is ended by its service', () => {
    const endless = machinesOf(deployment)
      .flatMap(({ properties }) => Object.entries(properties.DefinitionString.States))
      .filter(([, { Type, TimeoutSeconds }]) => Type === 'Task' && TimeoutSeconds === undefined);
    // SageMaker stops a job by its own StoppingCondition.
    expect(endless.map(([, { Resource }]) => Resource)).toEqual(
      environment === 'prod' ? ['arn:aws:states:::sagemaker:createTrainingJob.sync'] : [],
    );
  });
});

describe('the training machine', () => {
  const train = stateOf(onAws, 'Train');

  it('has Step Functions start the job on AWS and wait for its end', () => {
    expect(train).toMatchObject({
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      ResultPath: '$.training',
    });
  });

  it('passes every member of the request on, managed Spot and checkpoints among them', () => {
    const members = Object.keys(trainingJobRequest.shape);
    expect(train.Parameters).toEqual(
      Object.fromEntries(members.map((name) => [`${name}.$`, `$.job.${name}`])),
    );
    expect(members).toEqual(
      expect.arrayContaining(['EnableManagedSpotTraining', 'CheckpointConfig', 'StoppingCondition']),
    );
  });

  it('starts a job again only after faults of SageMaker’s control plane, not after a failed job', () => {
    const errors = train.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
    expect(errors).toEqual([
      'SageMaker.AmazonSageMakerException',
      'SageMaker.ResourceLimitExceededException',
    ]);
  });

  it('waits for a task token where nobody runs SageMaker', () => {
    expect(stateOf(onThisMachine, 'Train')).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      ResultPath: '$.training',
      Parameters: {
        FunctionName: functionOf(local, 'start-training-job').arn,
        Payload: { 'taskToken.$': '$$.Task.Token', 'project.$': '$.project', 'job.$': '$.job' },
      },
    });
  });

  it('is otherwise the same machine in both', () => {
    const rest = (machine: typeof onAws, prefix: string): unknown =>
      JSON.parse(
        JSON.stringify({
          ...machine.properties.DefinitionString,
          States: { ...machine.states, Train: { Next: stateOf(machine, 'Train').Next, Type: 'Task' } },
        }).replaceAll(prefix, 'millrace'),
      );
    expect(rest(onThisMachine, 'millrace-local')).toEqual(rest(onAws, 'millrace-prod'));
  });

  it('prepares, trains, evaluates, and registers a candidate alone', () => {
    const { states, properties } = onAws;
    expect(properties.DefinitionString.StartAt).toBe('Prepare');
    expect(stateOf(onAws, 'Prepare')).toMatchObject({
      Resource: functionOf(prod, 'prepare-training').arn,
      Next: 'Train',
    });
    expect(stateOf(onAws, 'Train').Next).toBe('Evaluate');
    expect(stateOf(onAws, 'Evaluate')).toMatchObject({
      Resource: functionOf(prod, 'evaluate-challenger').arn,
      Next: 'PassedTheGate',
    });
    expect(states['PassedTheGate']).toMatchObject({
      Type: 'Choice',
      Choices: [{ Variable: '$.verdict', StringEquals: 'candidate', Next: 'Register' }],
      Default: 'Rejected',
    });
    expect(stateOf(onAws, 'Register')).toMatchObject({
      Resource: functionOf(prod, 'register-version').arn,
      End: true,
    });
    expect(states['Rejected']).toEqual({ Type: 'Succeed' });
  });

  it.each([onAws, onThisMachine])('tells evaluation how the training job ended', (machine) => {
    const { Parameters } = stateOf(machine, 'Evaluate');
    expect(Parameters).toMatchObject({
      'trainingJobStatus.$': '$.training.TrainingJobStatus',
      'trainingSecondaryStatus.$': '$.training.SecondaryStatus',
    });
    expect(Object.keys(Parameters ?? {}).map((name) => name.replace(/\.\$$/, ''))).toEqual(
      Object.keys(evaluateInput.shape),
    );
  });

  it.each([prod, local])('may be looked at, not touched, by the retraining policy', (deployment) => {
    const { properties } = functionOf(deployment, 'decide-retraining');
    const { properties: machine } = machineOf(deployment, 'training');
    const grants = allowedTo(deployment, properties.Role).filter(({ Action }) =>
      Action.some((action) => action.startsWith('states:')),
    );
    expect(grants.map(({ Action }) => Action)).toEqual([['states:DescribeExecution']]);
    expect(only(only(grants, 'grant').Resource ?? [], 'resource')).toMatch(
      new RegExp(`^arn:aws:states:[^:]+:\\d+:execution:${machine.StateMachineName}:\\*$`),
    );
  });

  it('may run training jobs, hand them their role and hear of their end, and no more', () => {
    const trainingRole = only(
      resourcesOf(prod, 'AWS::IAM::Role', z.unknown()).filter(({ id }) => id.startsWith('TrainingRole')),
      'training role',
    );
    const allowed = allowedTo(prod, onAws.properties.RoleArn);
    expect(allowed).toContainEqual({
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: [trainingRole.arn],
      Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
    expect(allowed).toContainEqual({
      Effect: 'Allow',
      Action: [
        'sagemaker:AddTags',
        'sagemaker:CreateTrainingJob',
        'sagemaker:DescribeTrainingJob',
        'sagemaker:ListTags',
        'sagemaker:StopTrainingJob',
      ],
      Resource: ['arn:aws:sagemaker:eu-west-1:123456789012:training-job/*'],
    });
    expect(allowed).toContainEqual({
      Effect: 'Allow',
      Action: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
      Resource: [
        'arn:aws:events:eu-west-1:123456789012:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule',
      ],
    });
    const services = new Set(
      allowed.flatMap(({ Action }) => Action).map((action) => action.replace(/:.*/, '')),
    );
    expect([...services].toSorted()).toEqual(['events', 'iam', 'lambda', 'logs', 'sagemaker', 'xray']);
  });

  it('passes no role where it starts no job itself', () => {
    const actions = allowedTo(local, onThisMachine.properties.RoleArn).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /^(iam|sagemaker):/.test(action))).toEqual([]);
  });
});

describe('the rollout machine', () => {
  const { properties, states } = machineOf(prod, 'rollout');

  it('advances, bakes as long as it is told, and advances again until the rollout is settled', () => {
    expect(properties.DefinitionString.StartAt).toBe('Advance');
    expect(states).toMatchObject({
      Advance: { Resource: functionOf(prod, 'advance-rollout').arn, Next: 'WhatNext' },
      WhatNext: {
        Type: 'Choice',
        Choices: [{ Variable: '$.next', StringEquals: 'bake', Next: 'Bake' }],
        Default: 'Settled',
      },
      Bake: { Type: 'Wait', SecondsPath: '$.waitSeconds', Next: 'Advance' },
      Settled: { Type: 'Succeed' },
    });
    expect(Object.keys(states).toSorted()).toEqual(['Advance', 'Bake', 'Settled', 'WhatNext']);
  });
});
