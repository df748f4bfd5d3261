import { paginateDescribeLogGroups, paginateDescribeLogStreams } from '@aws-sdk/client-cloudwatch-logs';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';

export const trainingLogGroup = '/aws/sagemaker/TrainingJobs';

/** Where lines come from: a whole group, or some of its streams. */
export interface LogSource {
  readonly kind: 'function' | 'training';
  /** Function name without the deployment's prefix, or run id. */
  readonly name: string;
  readonly group: string;
  /** All of the group's when absent; never empty. */
  readonly streams?: readonly string[];
}

/** The functions of a deployment that have ever written a line. */
export async function functionSources(client: CloudWatchLogsClient, prefix: string): Promise<LogSource[]> {
  const groupPrefix = `/aws/lambda/${prefix}-`;
  const sources: LogSource[] = [];
  for await (const { logGroups } of paginateDescribeLogGroups(
    { client },
    { logGroupNamePrefix: groupPrefix },
  )) {
    for (const { logGroupName } of logGroups ?? []) {
      if (logGroupName === undefined) continue;
      sources.push({ kind: 'function', name: logGroupName.slice(groupPrefix.length), group: logGroupName });
    }
  }
  return sources;
}

/** A run's training job, if it has written a line. The group is shared by the account, so streams are named. */
export async function trainingSource(
  client: CloudWatchLogsClient,
  runId: string,
): Promise<LogSource | undefined> {
  const streams: string[] = [];
  try {
    const pages = paginateDescribeLogStreams(
      { client },
      { logGroupName: trainingLogGroup, logStreamNamePrefix: `${runId}/` },
    );
    for await (const { logStreams } of pages) {
      streams.push(...(logStreams ?? []).flatMap(({ logStreamName }) => logStreamName ?? []));
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return streams.length === 0
    ? undefined
    : { kind: 'training', name: runId, group: trainingLogGroup, streams };
}

/** The group is made by its first line, and can be deleted at any time. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException';
}
