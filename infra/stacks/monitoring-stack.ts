import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { deploymentOutputs } from '../../lambdas/contracts/deployment.ts';
import type { Env as WatchPredictionsEnv } from '../../lambdas/handlers/watch-predictions/env.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import type { DeploymentContext } from '../constructs/deployment-context.ts';
import { HandlerFunction } from '../constructs/handler-function.ts';
import { alarmOnLateness, alarmOnMessage } from '../constructs/alarms.ts';
import { outputs } from '../constructs/outputs.ts';
import type { DataStack } from './data-stack.ts';

export interface MonitoringStackProps extends StackProps {
  readonly context: DeploymentContext;
  readonly data: DataStack;
  readonly captureStream: IStream;
}

/** What watches the captured predictions: windows of histograms against the model's baseline. */
export class MonitoringStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { context, data, captureStream, ...props }: MonitoringStackProps,
  ) {
    super(scope, id, props);
    const unread = new Queue(this, 'UnreadCaptures', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(unread, {
      'AwsSolutions-SQS3':
        'This is a dead-letter queue: the failure destination of the capture stream’s consumer.',
    });
    const watch = new HandlerFunction<WatchPredictionsEnv>(this, 'WatchPredictions', {
      context,
      handler: 'watch-predictions',
      environment: {
        MONITORS_TABLE: data.monitors.tableName,
        ROUTING_TABLE: data.routing.tableName,
      },
      readsProjects: true,
      memoryMiB: 1024,
      timeout: Duration.minutes(1),
    });
    watch.function.addEventSource(
      new KinesisEventSource(captureStream, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 500,
        maxBatchingWindow: Duration.seconds(context.environment.captureWindowSeconds),
        // The defaults retry for ever and keep a batch whole: one poison record would stall its shard.
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 10,
        maxRecordAge: Duration.hours(6),
        onFailure: new SqsDlq(unread),
      }),
    );
    data.monitors.grantReadWriteData(watch.function);
    data.routing.grantReadData(watch.function);
    data.artifactBucket.grantRead(watch.function);

    alarmOnLateness(this, 'LateCapturesAlarm', {
      reader: watch.function,
      description:
        'Captured predictions are read late, so drift is seen late and a rollout is judged by less than there is. The log of watch-predictions says why: docs/runbook.md#unread-captures',
      alerts: data.alerts,
    });
    alarmOnMessage(this, 'UnreadCapturesAlarm', {
      queue: unread,
      description:
        'Captured predictions could not be read, so drift figures miss them. The message names shard and sequence numbers: docs/runbook.md#unread-captures',
      alerts: data.alerts,
    });
    outputs<z.infer<typeof deploymentOutputs.monitoring>>(this, {
      MonitorsTableName: data.monitors.tableName,
    });
  }
}
