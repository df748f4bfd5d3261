import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  CustomState,
  type IChainable,
  type INextable,
  IntegrationPattern,
  JsonPath,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

export type TrainStep = IChainable & INextable;

/** Members of CreateTrainingJob, as `prepare-training` gives them under `$.job`. */
const requestMembers = [
  'TrainingJobName',
  'RoleArn',
  'AlgorithmSpecification',
  'InputDataConfig',
  'OutputDataConfig',
  'ResourceConfig',
  'StoppingCondition',
  'EnableManagedSpotTraining',
  'CheckpointConfig',
  'HyperParameters',
  'Environment',
  'Tags',
] as const;

/** Both kinds leave the job's description here. */
const resultPath = '$.training';

/** Errors of SageMaker's control plane that pass by themselves. A failed job is none of them: it ends the run. */
const passing = ['SageMaker.AmazonSageMakerException', 'SageMaker.ResourceLimitExceededException'];

/**
 * Training by Step Functions' own integration, which starts the job and waits for its end.
 * The L2 task lacks managed Spot, checkpoints and retry, hence the state in its own language.
 */
export function sageMakerTrainStep(scope: Construct, id: string): TrainStep {
  return new CustomState(scope, id, {
    stateJson: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Parameters: Object.fromEntries(requestMembers.map((member) => [`${member}.$`, `$.job.${member}`])),
      ResultPath: resultPath,
      Retry: [{ ErrorEquals: passing, IntervalSeconds: 30, MaxAttempts: 5, BackoffRate: 2 }],
    },
  });
}

/** Training by a function that sends the same request; the job's event answers with the task's token. */
export function taskTokenTrainStep(scope: Construct, id: string, startTrainingJob: IFunction): TrainStep {
  return new LambdaInvoke(scope, id, {
    lambdaFunction: startTrainingJob,
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({
      taskToken: JsonPath.taskToken,
      project: JsonPath.stringAt('$.project'),
      job: JsonPath.objectAt('$.job'),
    }),
    resultPath,
    retryOnServiceExceptions: true,
    taskTimeout: Timeout.duration(Duration.hours(24)),
  });
}
