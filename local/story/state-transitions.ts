import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { z } from 'zod';

const rolloutOf = z.object({ version: z.int() });

/**
 * State transitions as Step Functions bills standard workflows: one for each state entered, and one for each further
 * try of a task.
 * @param types of the events in an execution's history
 */
export function transitionsOf(types: readonly string[]): number {
  const count = (matches: (type: string) => boolean): number => types.filter(matches).length;
  const tasks = count((type) => type === 'TaskStateEntered');
  const attempts = count((type) => type === 'TaskScheduled' || type === 'LambdaFunctionScheduled');
  return count((type) => type.endsWith('StateEntered')) + Math.max(0, attempts - tasks);
}

/** State transitions of an execution, by its whole history. */
export async function stateTransitions(client: SFNClient, executionArn: string): Promise<number> {
  const types: string[] = [];
  for await (const { events } of paginateGetExecutionHistory({ client }, { executionArn })) {
    types.push(...(events ?? []).map(({ type = '' }) => type));
  }
  return transitionsOf(types);
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
