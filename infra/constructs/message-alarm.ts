import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface MessageAlarmProps {
  /** A queue that is empty while all is well. */
  readonly queue: IQueue;
  /** What a message means for people, what to do, and where the runbook says more. */
  readonly description: string;
  /** Who is told. */
  readonly alerts: ITopic;
}

/** Tells a person, within a minute or two, that a message lies in a queue of last resort. */
export function alarmOnMessage(
  scope: Construct,
  id: string,
  { queue, description, alerts }: MessageAlarmProps,
): Alarm {
  const alarm = new Alarm(scope, id, {
    alarmDescription: description,
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(alerts));
  return alarm;
}
