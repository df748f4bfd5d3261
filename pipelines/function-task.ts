import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

export interface FunctionTaskProps {
  /** Input of the function. @default the state's whole input */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Where the function's answer goes. @default it replaces the state's input */
  readonly resultPath?: string;
  readonly timeout: Duration;
}

/**
 * One function as a task: its answer without the wrapping, tried again on whatever may pass, with growing pauses.
 * A `PermanentError` is not among that: its name ends the run at once.
 */
export function functionTask(
  scope: Construct,
  id: string,
  lambdaFunction: IFunction,
  { payload, resultPath, timeout }: FunctionTaskProps,
): LambdaInvoke {
  const task = new LambdaInvoke(scope, id, {
    lambdaFunction,
    ...(payload && { payload: TaskInput.fromObject({ ...payload }) }),
    payloadResponseOnly: true,
    ...(resultPath && { resultPath }),
    // Its list of Lambda's own faults is part of ours.
    retryOnServiceExceptions: false,
    taskTimeout: Timeout.duration(timeout),
  });
  task.addRetry({ errors: ['PermanentError'], maxAttempts: 0 });
  task.addRetry({
    errors: ['States.ALL'],
    // Some five minutes in all: an outage of a service should not end a run, nor leave a rollout half-way.
    interval: Duration.seconds(2),
    maxAttempts: 9,
    backoffRate: 2,
    maxDelay: Duration.minutes(1),
  });
  return task;
}
