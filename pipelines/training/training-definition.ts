import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Chain, Choice, Condition, JsonPath, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { functionTask } from '../function-task.ts';
import type { TrainStep } from './train-step.ts';

export interface TrainingTasks {
  readonly prepareTraining: IFunction;
  readonly train: TrainStep;
  readonly evaluateChallenger: IFunction;
  readonly registerVersion: IFunction;
}

/**
 * prepare → train → evaluate → register, or an end with the gate's reasons.
 * Input: the detail of `RetrainingRequested.v1`. Output: `trainingOutput` of contracts/training-steps.
 */
export function trainingDefinition(scope: Construct, tasks: TrainingTasks): Chain {
  const prepare = functionTask(scope, 'Prepare', tasks.prepareTraining, { timeout: Duration.minutes(2) });
  const evaluate = functionTask(scope, 'Evaluate', tasks.evaluateChallenger, {
    payload: {
      project: JsonPath.stringAt('$.project'),
      runId: JsonPath.stringAt('$.runId'),
      datasetId: JsonPath.stringAt('$.datasetId'),
      manifestUri: JsonPath.stringAt('$.manifestUri'),
      modelArchiveUri: JsonPath.stringAt('$.training.ModelArtifacts.S3ModelArtifacts'),
      trainingJobStatus: JsonPath.stringAt('$.training.TrainingJobStatus'),
      trainingSecondaryStatus: JsonPath.stringAt('$.training.SecondaryStatus'),
    },
    timeout: Duration.minutes(15),
  });
  const register = functionTask(scope, 'Register', tasks.registerVersion, { timeout: Duration.minutes(2) });
  const gate = new Choice(scope, 'PassedTheGate')
    .when(Condition.stringEquals('$.verdict', 'candidate'), register)
    .otherwise(new Succeed(scope, 'Rejected'));
  return Chain.start(prepare).next(tasks.train).next(evaluate).next(gate);
}
