import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface AlarmTextProps {
  /** What it means for people, what to do, and where the runbook says more. */
  readonly description: string;
  /** Who is told. */
  readonly alerts: ITopic;
}

/** Tells a person, within a minute or two, that a count which should be nought is not. */
export function alarmOnAny(
  scope: Construct,
  id: string,
  {
    metric,
    threshold,
    description,
    alerts,
  }: AlarmTextProps & {
    readonly metric: IMetric;
    /** @default 1 */
    readonly threshold?: number;
  },
): Alarm {
  const alarm = new Alarm(scope, id, {
    alarmDescription: description,
    metric,
    threshold: threshold ?? 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(alerts));
  return alarm;
}

/** Age of the oldest record that a stream's reader has not got through, beyond which somebody should look. */
const latenessMinutes = 10;

/** Tells a person that a function reads its stream late, as when each of its tries fails: long before records expire. */
export function alarmOnLateness(
  scope: Construct,
  id: string,
  { reader, ...text }: AlarmTextProps & { readonly reader: Function },
): Alarm {
  const metric = reader.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(5) });
  return alarmOnAny(scope, id, {
    metric,
    threshold: Duration.minutes(latenessMinutes).toMilliseconds(),
    ...text,
  });
}

/** Tells a person that a message lies in a queue of last resort, which is empty while all is well. */
export function alarmOnMessage(
  scope: Construct,
  id: string,
  { queue, ...text }: AlarmTextProps & { readonly queue: IQueue },
): Alarm {
  const metric = queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) });
  return alarmOnAny(scope, id, { metric, ...text });
}
