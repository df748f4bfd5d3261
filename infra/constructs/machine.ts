import { Duration } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmOnAny } from './alarms.ts';
import type { DeploymentContext } from './deployment-context.ts';

export interface MachineProps {
  readonly context: DeploymentContext;
  /** Last part of the physical name. */
  readonly name: string;
  readonly definition: IChainable;
  /** After this an execution fails with `States.Timeout`, so that none hangs for ever. */
  readonly timeout: Duration;
  /** Told when an execution did not succeed. */
  readonly alerts: ITopic;
  /** What that means for people, what to do, and where the runbook says more. */
  readonly impact: string;
}

/** A standard state machine with its log group, tracing and an end in time. */
export class Machine extends Construct {
  readonly machine: StateMachine;
  /** Known without the machine, so that a function of the machine can be given it without a cycle. */
  readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    { context, name, definition, timeout, alerts, impact }: MachineProps,
  ) {
    super(scope, id);
    this.name = `${context.environment.prefix}-${name}`;
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: this.name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(definition),
      timeout,
      tracingEnabled: true,
      removalPolicy: context.disposable,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: true,
        destination: new LogGroup(this, 'Logs', {
          logGroupName: `/aws/vendedlogs/states/${this.name}`,
          retention: context.logRetention,
          removalPolicy: context.disposable,
        }),
      },
    });
    const period = Duration.minutes(5);
    const told = { description: impact, alerts };
    alarmOnAny(this, 'FailureAlarm', { metric: this.machine.metricFailed({ period }), ...told });
    alarmOnAny(this, 'TimeoutAlarm', { metric: this.machine.metricTimedOut({ period }), ...told });
  }
}
