import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, type IRepository } from 'aws-cdk-lib/aws-ecr';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage, type IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Env as PublishChangesEnv } from '../../lambdas/handlers/publish-changes/env.ts';
import type { deploymentOutputs } from '../../lambdas/contracts/deployment.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { AnnouncingTable } from '../constructs/announcing-table.ts';
import type { DeploymentContext } from '../constructs/deployment-context.ts';
import { HandlerFunction } from '../constructs/handler-function.ts';
import { alarmOnLateness, alarmOnMessage } from '../constructs/alarms.ts';
import { outputs } from '../constructs/outputs.ts';
import type { z } from 'zod';

export interface DataStackProps extends StackProps {
  readonly context: DeploymentContext;
}

/** Everything with a memory: buckets, tables, repositories, keys, and the bus that their changes are announced on. */
export class DataStack extends Stack {
  readonly rawBucket: IBucket;
  readonly curatedBucket: IBucket;
  readonly artifactBucket: IBucket;
  readonly ledger: ITable;
  readonly routing: ITable;
  readonly monitors: ITable;
  readonly trainerRepository: IRepository;
  readonly inferenceRepository: IRepository;
  readonly dataKey: IKey;
  readonly signingKey: IKey;
  readonly bus: IEventBus;
  readonly alerts: ITopic;
  readonly modelPackageGroupPrefix: string;

  constructor(scope: Construct, id: string, { context, ...props }: DataStackProps) {
    super(scope, id, props);
    const { environment, durable } = context;

    const dataKey = new Key(this, 'DataKey', {
      description: 'Encrypts what Millrace stores',
      enableKeyRotation: true,
      removalPolicy: durable,
    });
    // CloudWatch alarms publish to an encrypted topic in their own name.
    dataKey.grantEncryptDecrypt(new ServicePrincipal('cloudwatch.amazonaws.com'));
    this.dataKey = dataKey;
    this.signingKey = new Key(this, 'SigningKey', {
      description: 'Signs the models that serving accepts',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: durable,
    });

    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...this.#bucketDefaults(context),
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(90), noncurrentVersionExpiration: Duration.days(1) }],
    });
    acknowledge(accessLogs, {
      'AwsSolutions-S1': 'This bucket receives the access logs; logging its own would never end.',
    });
    const bucket = (name: string, more: BucketProps = {}): Bucket =>
      new Bucket(this, name, {
        ...this.#bucketDefaults(context),
        encryption: BucketEncryption.KMS,
        encryptionKey: dataKey,
        bucketKeyEnabled: true,
        serverAccessLogsBucket: accessLogs,
        serverAccessLogsPrefix: `${name.toLowerCase()}/`,
        ...more,
      });
    const raw = bucket('Raw');
    // The L2 switch makes a custom resource; this is the property of the bucket itself.
    (raw.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.rawBucket = raw;
    this.curatedBucket = bucket('Curated');
    this.artifactBucket = bucket('Artifacts');

    this.bus = new EventBus(this, 'Bus', { eventBusName: environment.prefix });
    const alerts = new Topic(this, 'Alerts', { masterKey: dataKey, enforceSSL: true });
    // The statement that demands TLS replaces the default policy, by which the account's own alarms may publish.
    alerts.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        resources: [alerts.topicArn],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    this.alerts = alerts;

    const undelivered = new Queue(this, 'UndeliveredAnnouncements', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(undelivered, {
      'AwsSolutions-SQS3': 'This is a dead-letter queue: the failure destination of the tables’ streams.',
    });
    alarmOnMessage(this, 'UndeliveredAnnouncementsAlarm', {
      queue: undelivered,
      description:
        'A change was stored but nobody heard of it: what should follow from it does not happen. The message names the table’s shard and sequence numbers, and the record’s outbox attribute still holds the event to send: docs/runbook.md#undelivered-announcements',
      alerts: this.alerts,
    });
    const publisher = new HandlerFunction<PublishChangesEnv>(this, 'PublishChanges', {
      context,
      handler: 'publish-changes',
      environment: { EVENT_BUS_NAME: this.bus.eventBusName },
      memoryMiB: 256,
    });
    alarmOnLateness(this, 'LateAnnouncementsAlarm', {
      reader: publisher.function,
      description:
        'Changes are announced late, so nothing follows from them yet; after a day they are given up. The log of publish-changes says why: docs/runbook.md#undelivered-announcements',
      alerts,
    });
    const table = (name: string, timeToLiveAttribute?: string): ITable => {
      const announcing = new AnnouncingTable(this, name, {
        context,
        key: dataKey,
        ...(timeToLiveAttribute && { timeToLiveAttribute }),
      });
      announcing.announceBy(publisher.function, this.bus, undelivered);
      return announcing.table;
    };
    this.ledger = table('Ledger');
    this.routing = table('Routing');
    this.monitors = table('Monitors', 'expiresAt');

    const repository = (name: string): Repository =>
      new Repository(this, name, {
        repositoryName: `${environment.prefix}/${name.toLowerCase()}`,
        imageScanOnPush: true,
        imageTagMutability: TagMutability.IMMUTABLE,
        encryption: RepositoryEncryption.KMS,
        encryptionKey: dataKey,
        // A failed first deployment must not leave it behind: its name would be taken for the next one.
        removalPolicy: durable === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : durable,
        ...(durable === RemovalPolicy.DESTROY && { emptyOnDelete: false }),
        lifecycleRules: [{ maxImageCount: 50 }],
      });
    this.trainerRepository = repository('Trainer');
    this.inferenceRepository = repository('Inference');

    this.modelPackageGroupPrefix = environment.prefix;
    outputs<z.infer<typeof deploymentOutputs.data>>(this, {
      RawBucketName: this.rawBucket.bucketName,
      CuratedBucketName: this.curatedBucket.bucketName,
      ArtifactBucketName: this.artifactBucket.bucketName,
      LedgerTableName: this.ledger.tableName,
      RoutingTableName: this.routing.tableName,
      EventBusName: this.bus.eventBusName,
      ModelPackageGroupPrefix: this.modelPackageGroupPrefix,
      Projects: JSON.stringify(Object.keys(context.projects)),
    });
    new CfnOutput(this, 'AlertsTopicArn', { value: this.alerts.topicArn });
  }

  #bucketDefaults(context: DeploymentContext): BucketProps {
    return {
      versioned: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: context.durable,
    };
  }
}
