import { Duration } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterCriteria, FilterRule, type Function, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeploymentContext } from './deployment-context.ts';

export interface AnnouncingTableProps {
  readonly context: DeploymentContext;
  readonly key: IKey;
  /** Attribute with the epoch second after which an item may go. @default items stay */
  readonly timeToLiveAttribute?: string;
}

/**
 * Records by `project` and `record`. A change that others must hear of carries its event in the `outbox` attribute;
 * the table's stream sends it, so that no crash can come between the change and its announcement.
 */
export class AnnouncingTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { context, key, timeToLiveAttribute }: AnnouncingTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'project', type: AttributeType.STRING },
      sortKey: { name: 'record', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      removalPolicy: context.durable,
      ...(timeToLiveAttribute && { timeToLiveAttribute }),
    });
  }

  /** Sends this table's announcements by `publisher`; what cannot be sent for a day goes to `undelivered`. */
  announceBy(publisher: Function, bus: IEventBus, undelivered: IQueue): void {
    bus.grantPutEventsTo(publisher);
    publisher.addEventSource(
      new DynamoEventSource(this.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 25,
        bisectBatchOnError: true,
        // The age decides, and not the count: an announcement is worth a day's tries.
        retryAttempts: 10_000,
        maxRecordAge: Duration.hours(24),
        onFailure: new SqsDlq(undelivered),
        filters: [
          FilterCriteria.filter({
            dynamodb: { NewImage: { outbox: { M: { id: { S: FilterRule.exists() } } } } },
          }),
        ],
      }),
    );
  }
}
