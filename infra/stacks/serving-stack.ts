import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { type IStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { deploymentOutputs } from '../../lambdas/contracts/deployment.ts';
import { modelPackageStateChanged } from '../../lambdas/contracts/sagemaker-events.ts';
import type { Env as AdvanceRolloutEnv } from '../../lambdas/handlers/advance-rollout/env.ts';
import type { Env as RollBackEnv } from '../../lambdas/handlers/roll-back/env.ts';
import type { Env as ServePredictionsEnv } from '../../lambdas/handlers/serve-predictions/env.ts';
import type { Env as StartRolloutEnv } from '../../lambdas/handlers/start-rollout/env.ts';
import { rolloutDefinition } from '../../pipelines/rollout/rollout-definition.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import type { DeploymentContext } from '../constructs/deployment-context.ts';
import { EventConsumer } from '../constructs/event-consumer.ts';
import { HandlerFunction } from '../constructs/handler-function.ts';
import { Machine } from '../constructs/machine.ts';
import { outputs } from '../constructs/outputs.ts';
import { packageActions } from '../constructs/sagemaker-permissions.ts';
import type { DataStack } from './data-stack.ts';

/** What an HTTP API knows of a request; the CDK's default names variables of REST APIs, which stay empty here. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    ip: '$context.identity.sourceIp',
    caller: '$context.identity.caller',
    method: '$context.httpMethod',
    path: '$context.path',
    protocol: '$context.protocol',
    status: '$context.status',
    responseLength: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    integrationError: '$context.integrationErrorMessage',
  }),
);

export interface ServingStackProps extends StackProps {
  readonly context: DeploymentContext;
  readonly data: DataStack;
}

/** The HTTPS address, what answers behind it, and the machine that moves traffic from one version to the next. */
export class ServingStack extends Stack {
  readonly captureStream: IStream;
  readonly #context: DeploymentContext;
  readonly #data: DataStack;

  constructor(scope: Construct, id: string, { context, data, ...props }: ServingStackProps) {
    super(scope, id, props);
    this.#context = context;
    this.#data = data;
    this.captureStream = new Stream(this, 'Capture', {
      streamMode: StreamMode.PROVISIONED,
      shardCount: context.environment.captureShards,
      encryption: StreamEncryption.KMS,
      encryptionKey: data.dataKey,
      retentionPeriod: Duration.hours(24),
      removalPolicy: context.disposable,
    });
    acknowledge(this.captureStream, {
      'AwsSolutions-KDS3': 'Captured predictions are customers’ data: our own key decides who reads them.',
    });
    const serve = this.#serveFunction();
    const api = this.#endpoint(serve);
    const rollout = this.#rollout();
    const rollBack = this.#rollBackFunction();
    outputs<z.infer<typeof deploymentOutputs.serving>>(this, {
      ApiUrl: api.apiEndpoint,
      RolloutMachineArn: rollout.machine.stateMachineArn,
      RollBackFunctionName: rollBack.functionName,
      ServeFunctionName: serve.functionName,
      CaptureStreamName: this.captureStream.streamName,
    });
  }

  #serveFunction(): Function {
    const { routing, artifactBucket, rawBucket, signingKey } = this.#data;
    const serve = new HandlerFunction<ServePredictionsEnv>(this, 'ServePredictions', {
      context: this.#context,
      handler: 'serve-predictions',
      environment: {
        ROUTING_TABLE: routing.tableName,
        ARTIFACT_BUCKET: artifactBucket.bucketName,
        RAW_BUCKET: rawBucket.bucketName,
        SIGNING_KEY_ID: signingKey.keyArn,
        CAPTURE_STREAM: this.captureStream.streamName,
      },
      native: ['onnxruntime-node'],
      readsProjects: true,
      // One full processor: ONNX Runtime computes on one thread here, and Lambda gives one at 1769 MiB.
      memoryMiB: 1769,
      timeout: Duration.seconds(29),
    });
    routing.grantReadData(serve.function);
    artifactBucket.grantRead(serve.function);
    signingKey.grant(serve.function, 'kms:GetPublicKey');
    this.captureStream.grantWrite(serve.function);
    return serve.function;
  }

  #endpoint(serve: Function): HttpApi {
    const { environment, logRetention, disposable } = this.#context;
    const api = new HttpApi(this, 'Api', {
      apiName: `${environment.prefix}-predictions`,
      description: 'Predictions by the Open Inference Protocol v2 and as plain JSON rows',
      createDefaultStage: false,
      ...(environment.authorization === 'iam' && { defaultAuthorizer: new HttpIamAuthorizer() }),
    });
    const routes = api.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.GET, HttpMethod.POST],
      integration: new HttpLambdaIntegration('Serve', serve),
    });
    if (environment.authorization === 'none') {
      for (const route of routes) {
        acknowledge(route, {
          'AwsSolutions-APIG4':
            'This environment’s endpoint is reached from its own machine alone (local/README.md).',
        });
      }
    }
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      logGroupName: `/aws/vendedlogs/apis/${environment.prefix}-predictions`,
      retention: logRetention,
      removalPolicy: disposable,
    });
    const stage = new HttpStage(this, 'DefaultStage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: environment.throttle.ratePerSecond, burstLimit: environment.throttle.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLogs), format: accessLogFormat },
    });
    (stage.node.defaultChild as CfnStage).node.addDependency(accessLogs);
    return api;
  }

  #rollout(): Machine {
    const { routing, monitors, alerts, modelPackageGroupPrefix } = this.#data;
    const context = this.#context;
    const advance = new HandlerFunction<AdvanceRolloutEnv>(this, 'AdvanceRollout', {
      context,
      handler: 'advance-rollout',
      environment: {
        ROUTING_TABLE: routing.tableName,
        MONITORS_TABLE: monitors.tableName,
        TIME_SCALE: String(context.environment.timeScale),
      },
      readsProjects: true,
    });
    routing.grantReadWriteData(advance.function);
    monitors.grantReadData(advance.function);

    const machine = new Machine(this, 'RolloutMachine', {
      context,
      name: 'rollout',
      definition: rolloutDefinition(this, { advanceRollout: advance.function }),
      timeout: Duration.days(7),
      alerts,
      impact:
        'A rollout stopped half-way: the new version keeps the share of the traffic that it has, and nobody judges it. Redrive the execution, or roll back: docs/runbook.md#failed-rollout',
    });

    const start = new EventConsumer<StartRolloutEnv>(this, 'StartRollout', {
      context,
      handler: 'start-rollout',
      events: [{ contract: modelPackageStateChanged, detail: { ModelApprovalStatus: ['Approved'] } }],
      environment: {
        MODEL_PACKAGE_GROUP_PREFIX: modelPackageGroupPrefix,
        ROLLOUT_MACHINE_ARN: machine.machine.stateMachineArn,
      },
      alerts,
      impact: 'An approved version is not being rolled out.',
    });
    machine.machine.grantStartExecution(start.function);
    packageActions(this, start.function, modelPackageGroupPrefix, ['sagemaker:DescribeModelPackage']);
    return machine;
  }

  #rollBackFunction(): Function {
    const { routing, ledger } = this.#data;
    const rollBack = new HandlerFunction<RollBackEnv>(this, 'RollBack', {
      context: this.#context,
      handler: 'roll-back',
      environment: { ROUTING_TABLE: routing.tableName, LEDGER_TABLE: ledger.tableName },
    });
    routing.grantReadWriteData(rollBack.function);
    ledger.grantReadData(rollBack.function);
    return rollBack.function;
  }
}
