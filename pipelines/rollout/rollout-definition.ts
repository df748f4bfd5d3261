import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Choice, Condition, type Chain, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { functionTask } from '../function-task.ts';

/**
 * advance → (bake → advance)* → end: the function judges and moves, the machine keeps the time.
 * Input: `rolloutInput`; output: the last `rolloutState` of contracts/rollout-steps.
 */
export function rolloutDefinition(scope: Construct, tasks: { readonly advanceRollout: IFunction }): Chain {
  const advance = functionTask(scope, 'Advance', tasks.advanceRollout, { timeout: Duration.minutes(1) });
  const bake = new Wait(scope, 'Bake', { time: WaitTime.secondsPath('$.waitSeconds') });
  return advance.next(
    new Choice(scope, 'WhatNext')
      .when(Condition.stringEquals('$.next', 'bake'), bake.next(advance))
      .otherwise(new Succeed(scope, 'Settled')),
  );
}
