import { join } from 'node:path';
import { ArnFormat, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import { dataAccepted } from '../../lambdas/contracts/data-accepted.ts';
import type { deploymentOutputs } from '../../lambdas/contracts/deployment.ts';
import { driftDetected } from '../../lambdas/contracts/drift-detected.ts';
import { retrainingAsked } from '../../lambdas/contracts/retraining-asked.ts';
import { retrainingRequested } from '../../lambdas/contracts/retraining-requested.ts';
import { objectCreated } from '../../lambdas/contracts/s3-events.ts';
import {
  modelPackageStateChanged,
  trainingJobStateChanged,
} from '../../lambdas/contracts/sagemaker-events.ts';
import { executionStatusChanged } from '../../lambdas/contracts/step-functions-events.ts';
import type { Env as ApproveVersionEnv } from '../../lambdas/handlers/approve-version/env.ts';
import type { Env as CloseRunEnv } from '../../lambdas/handlers/close-run/env.ts';
import type { Env as DecideRetrainingEnv } from '../../lambdas/handlers/decide-retraining/env.ts';
import type { Env as EvaluateChallengerEnv } from '../../lambdas/handlers/evaluate-challenger/env.ts';
import type { Env as FinishTrainingJobEnv } from '../../lambdas/handlers/finish-training-job/env.ts';
import type { Env as IngestObjectEnv } from '../../lambdas/handlers/ingest-object/env.ts';
import type { Env as PrepareTrainingEnv } from '../../lambdas/handlers/prepare-training/env.ts';
import type { Env as RegisterVersionEnv } from '../../lambdas/handlers/register-version/env.ts';
import type { Env as StartTrainingEnv } from '../../lambdas/handlers/start-training/env.ts';
import type { Env as StartTrainingJobEnv } from '../../lambdas/handlers/start-training-job/env.ts';
import {
  sageMakerTrainStep,
  taskTokenTrainStep,
  type TrainStep,
} from '../../pipelines/training/train-step.ts';
import { trainingDefinition } from '../../pipelines/training/training-definition.ts';
import type { DeploymentContext } from '../constructs/deployment-context.ts';
import { EventConsumer } from '../constructs/event-consumer.ts';
import { HandlerFunction } from '../constructs/handler-function.ts';
import { Machine } from '../constructs/machine.ts';
import { outputs } from '../constructs/outputs.ts';
import { packageActions, trainingJobActions } from '../constructs/sagemaker-permissions.ts';
import type { DataStack } from './data-stack.ts';

export interface TrainingStackProps extends StackProps {
  readonly context: DeploymentContext;
  readonly data: DataStack;
}

/** From an upload to a signed candidate in the registry: ingest, the retraining policy, the training machine. */
export class TrainingStack extends Stack {
  readonly #context: DeploymentContext;
  readonly #data: DataStack;

  constructor(scope: Construct, id: string, { context, data, ...props }: TrainingStackProps) {
    super(scope, id, props);
    this.#context = context;
    this.#data = data;
    this.#ingest();
    this.#retrainingPolicy();
    const machine = this.#trainingMachine();
    this.#approval();
    outputs<z.infer<typeof deploymentOutputs.training>>(this, {
      TrainingMachineArn: machine.machine.stateMachineArn,
      TrainerImage: this.#trainerImage,
    });
  }

  get #trainerImage(): string {
    return this.#data.trainerRepository.repositoryUriForTag(this.#context.environment.imageTag);
  }

  #ingest(): void {
    const { rawBucket, curatedBucket, ledger, alerts } = this.#data;
    const ingest = new EventConsumer<IngestObjectEnv>(this, 'IngestObject', {
      context: this.#context,
      handler: 'ingest-object',
      events: [{ contract: objectCreated, detail: { bucket: { name: [rawBucket.bucketName] } } }],
      environment: { LEDGER_TABLE: ledger.tableName, CURATED_BUCKET: curatedBucket.bucketName },
      native: ['@duckdb/node-api'],
      readsProjects: true,
      memoryMiB: 3008,
      timeout: Duration.minutes(10),
      temporaryMiB: 4096,
      // One upload at a time in a function: its file and DuckDB's memory are sized for one.
      batchSize: 1,
      alerts,
      impact: 'An upload was neither accepted nor quarantined; it waits in the dead-letter queue.',
    });
    rawBucket.grantRead(ingest.function);
    curatedBucket.grantReadWrite(ingest.function);
    ledger.grantReadWriteData(ingest.function);
  }

  #retrainingPolicy(): void {
    const { ledger, bus, alerts } = this.#data;
    const { prefix, timeScale } = this.#context.environment;
    const decide = new EventConsumer<DecideRetrainingEnv>(this, 'DecideRetraining', {
      context: this.#context,
      handler: 'decide-retraining',
      events: [
        { contract: dataAccepted, bus },
        { contract: driftDetected, bus },
        { contract: retrainingAsked, bus },
      ],
      environment: {
        LEDGER_TABLE: ledger.tableName,
        DEPLOYMENT: prefix,
        TIME_SCALE: String(timeScale),
      },
      readsProjects: true,
      alerts,
      impact: 'A cause for retraining got no answer: no run was started or declined for it.',
    });
    ledger.grantReadWriteData(decide.function);
    decide.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['states:DescribeExecution'],
        resources: [
          this.formatArn({
            service: 'states',
            resource: 'execution',
            resourceName: `${prefix}-training:*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    );
  }

  #trainingMachine(): Machine {
    const { curatedBucket, artifactBucket, ledger, routing, bus, alerts, dataKey, signingKey } = this.#data;
    const context = this.#context;
    const { prefix } = context.environment;

    const trainingRole = new Role(this, 'TrainingRole', {
      description: 'What a training job may do: read its channels, write its artifacts, log',
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
    });
    curatedBucket.grantRead(trainingRole);
    // Where runs lie, and not the models that serve: project code is anybody's Python.
    artifactBucket.grantReadWrite(trainingRole, '*/runs/*');
    this.#data.trainerRepository.grantPull(trainingRole);
    trainingRole.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
        ],
        resources: [this.formatArn({ service: 'logs', resource: 'log-group:/aws/sagemaker/TrainingJobs*' })],
      }),
    );
    trainingRole.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/TrainingJobs' } },
      }),
    );
    const code = Object.keys(context.projects).map((project) => {
      const asset = new Asset(this, `Code-${project}`, {
        path: join(context.root, 'projects', project, 'train'),
      });
      asset.grantRead(trainingRole);
      return [project, asset.s3ObjectUrl] as const;
    });

    const prepare = new HandlerFunction<PrepareTrainingEnv>(this, 'PrepareTraining', {
      context,
      handler: 'prepare-training',
      environment: {
        ARTIFACT_BUCKET: artifactBucket.bucketName,
        ARTIFACT_KEY_ARN: dataKey.keyArn,
        TRAINING_IMAGE: this.#trainerImage,
        TRAINING_ROLE_ARN: trainingRole.roleArn,
        TRAINING_CODE: this.toJsonString(Object.fromEntries(code)),
      },
      readsProjects: true,
    });
    curatedBucket.grantRead(prepare.function);
    artifactBucket.grantReadWrite(prepare.function);
    this.#data.trainerRepository.grantRead(prepare.function);

    const evaluate = new HandlerFunction<EvaluateChallengerEnv>(this, 'EvaluateChallenger', {
      context,
      handler: 'evaluate-challenger',
      environment: { ARTIFACT_BUCKET: artifactBucket.bucketName, ROUTING_TABLE: routing.tableName },
      native: ['onnxruntime-node', '@duckdb/node-api'],
      readsProjects: true,
      memoryMiB: 3008,
      timeout: Duration.minutes(15),
      temporaryMiB: 4096,
    });
    curatedBucket.grantRead(evaluate.function);
    artifactBucket.grantReadWrite(evaluate.function);
    routing.grantReadData(evaluate.function);

    const register = new HandlerFunction<RegisterVersionEnv>(this, 'RegisterVersion', {
      context,
      handler: 'register-version',
      environment: {
        LEDGER_TABLE: ledger.tableName,
        SIGNING_KEY_ID: signingKey.keyArn,
        MODEL_PACKAGE_GROUP_PREFIX: this.#data.modelPackageGroupPrefix,
      },
      // It hashes the model as it lies in the bucket.
      timeout: Duration.minutes(5),
      temporaryMiB: 4096,
    });
    artifactBucket.grantReadWrite(register.function);
    ledger.grantReadWriteData(register.function);
    signingKey.grant(register.function, 'kms:Sign', 'kms:GetPublicKey');
    packageActions(this, register.function, prefix, [
      'sagemaker:CreateModelPackageGroup',
      'sagemaker:CreateModelPackage',
      'sagemaker:DescribeModelPackage',
    ]);

    const machine = new Machine(this, 'TrainingMachine', {
      context,
      name: 'training',
      definition: trainingDefinition(this, {
        prepareTraining: prepare.function,
        train: this.#trainStep(),
        evaluateChallenger: evaluate.function,
        registerVersion: register.function,
      }),
      timeout: Duration.hours(26),
      alerts,
      impact:
        'A training run failed; the champion keeps serving. `millrace runs <project>` shows the first line of the cause: docs/runbook.md#failed-training',
    });
    if (context.environment.trainingCompute === 'sagemaker') {
      trainingJobActions(this, machine.machine, trainingRole);
    }

    const start = new EventConsumer<StartTrainingEnv>(this, 'StartTraining', {
      context,
      handler: 'start-training',
      events: [{ contract: retrainingRequested, bus }],
      environment: {
        LEDGER_TABLE: ledger.tableName,
        TRAINING_MACHINE_ARN: machine.machine.stateMachineArn,
      },
      alerts,
      impact:
        'A retraining was decided but its run did not start; the project’s place for a run stays taken.',
    });
    ledger.grantReadWriteData(start.function);
    machine.machine.grantStartExecution(start.function);

    const close = new EventConsumer<CloseRunEnv>(this, 'CloseRun', {
      context,
      handler: 'close-run',
      events: [
        {
          contract: executionStatusChanged,
          detail: {
            stateMachineArn: [machine.machine.stateMachineArn],
            status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
          },
        },
      ],
      environment: { LEDGER_TABLE: ledger.tableName },
      alerts,
      impact: 'A run ended but its record does not say so; the project’s place for a run stays taken.',
    });
    ledger.grantReadWriteData(close.function);
    machine.machine.grantExecution(close.function, 'states:DescribeExecution');
    return machine;
  }

  #trainStep(): TrainStep {
    const context = this.#context;
    if (context.environment.trainingCompute === 'sagemaker') return sageMakerTrainStep(this, 'Train');
    const { ledger, alerts } = this.#data;
    const { prefix } = context.environment;
    const startJob = new HandlerFunction<StartTrainingJobEnv>(this, 'StartTrainingJob', {
      context,
      handler: 'start-training-job',
      environment: { LEDGER_TABLE: ledger.tableName },
    });
    ledger.grantReadWriteData(startJob.function);
    const jobs = this.formatArn({ service: 'sagemaker', resource: 'training-job', resourceName: '*' });
    startJob.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['sagemaker:CreateTrainingJob', 'sagemaker:AddTags'],
        resources: [jobs],
      }),
    );
    const finishJob = new EventConsumer<FinishTrainingJobEnv>(this, 'FinishTrainingJob', {
      context,
      handler: 'finish-training-job',
      events: [
        {
          contract: trainingJobStateChanged,
          detail: { TrainingJobStatus: ['Completed', 'Failed', 'Stopped'] },
        },
      ],
      environment: { LEDGER_TABLE: ledger.tableName },
      alerts,
      impact: 'A training job ended but its run still waits for it.',
    });
    ledger.grantReadData(finishJob.function);
    finishJob.function.addToRolePolicy(
      new PolicyStatement({ actions: ['sagemaker:DescribeTrainingJob'], resources: [jobs] }),
    );
    finishJob.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
        resources: [
          this.formatArn({
            service: 'states',
            resource: 'stateMachine',
            resourceName: `${prefix}-training`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    );
    return taskTokenTrainStep(this, 'Train', startJob.function);
  }

  #approval(): void {
    const { alerts, modelPackageGroupPrefix } = this.#data;
    const approve = new EventConsumer<ApproveVersionEnv>(this, 'ApproveVersion', {
      context: this.#context,
      handler: 'approve-version',
      events: [
        { contract: modelPackageStateChanged, detail: { ModelApprovalStatus: ['PendingManualApproval'] } },
      ],
      environment: { MODEL_PACKAGE_GROUP_PREFIX: modelPackageGroupPrefix },
      readsProjects: true,
      alerts,
      impact: 'A candidate waits in the registry although its project’s policy may approve it.',
    });
    packageActions(this, approve.function, modelPackageGroupPrefix, [
      'sagemaker:DescribeModelPackage',
      'sagemaker:UpdateModelPackage',
    ]);
  }
}
