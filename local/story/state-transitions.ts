import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { z } from 'zod';

const rolloutOf = z.object({ version: z.int() });

/**
 * State transitions of an execution, as Step Functions bills standard workflows: one for each state entered, and one for
 * each further try of a task.
 */
export async function stateTransitions(client: SFNClient, executionArn: string): Promise<number> {
  let entered = 0;
  let tasks = 0;
  let attempts = 0;
  for await (const { events } of paginateGetExecutionHistory({ client }, { executionArn })) {
    for (const { type = '' } of events ?? []) {
      if (type.endsWith('StateEntered')) entered += 1;
      if (type === 'TaskStateEntered') tasks += 1;
      if (type === 'TaskScheduled' || type === 'LambdaFunctionScheduled') attempts += 1;
    }
  }
  return entered + Math.max(0, attempts - tasks);
}

/** @returns the execution of the rollout machine that moved this version. @throws when there is none */
export async function rolloutExecution(
  client: SFNClient,
  stateMachineArn: string,
  version: number,
): Promise<string> {
  for await (const { executions } of paginateListExecutions({ client }, { stateMachineArn })) {
    for (const { executionArn } of executions ?? []) {
      const { input } = await client.send(new DescribeExecutionCommand({ executionArn }));
      if (executionArn && rolloutOf.parse(JSON.parse(input ?? '{}')).version === version) return executionArn;
    }
  }
  throw new Error(`${stateMachineArn} has no execution for version ${version}: was it rolled out?`);
}
