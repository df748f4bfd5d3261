import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { z } from 'zod';
import { deploymentOutputs } from '../../lambdas/contracts/deployment.ts';
import type { DeploymentOutputs } from '../../lambdas/contracts/deployment.ts';
import { deployCommand } from './cloud.ts';
import type { Cloud } from './cloud.ts';
import { MillraceError } from './millrace-error.ts';

/**
 * What the deployment's stacks tell their users.
 * @throws MillraceError when a stack is missing, unfinished, or lacks an output
 */
export async function readOutputs(client: CloudFormationClient, cloud: Cloud): Promise<DeploymentOutputs> {
  const read = <Schema extends z.ZodType>(room: string, schema: Schema) =>
    readStack(client, cloud, `${cloud.prefix}-${room}`, schema);
  const [data, training, serving, monitoring] = await Promise.all([
    read('data', deploymentOutputs.data),
    read('training', deploymentOutputs.training),
    read('serving', deploymentOutputs.serving),
    read('monitoring', deploymentOutputs.monitoring),
  ]);
  return { data, training, serving, monitoring };
}

async function readStack<Schema extends z.ZodType>(
  client: CloudFormationClient,
  cloud: Cloud,
  stackName: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const stack = await describe(client, stackName);
  if (!stack || stack.StackStatus === 'DELETE_COMPLETE') {
    throw new MillraceError(`${stackName} is not deployed; run ${deployCommand(cloud)}`);
  }
  const outputs = Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const parsed = schema.safeParse(outputs);
  if (parsed.success) return parsed.data;
  const lacking = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new MillraceError(
    `${stackName} (${stack.StackStatus ?? 'of unknown status'}) gives no usable ${lacking}; run ${deployCommand(cloud)}`,
  );
}

async function describe(client: CloudFormationClient, stackName: string) {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}
