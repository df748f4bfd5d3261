import { CfnOutput, type Stack } from 'aws-cdk-lib';

/** Gives a stack the outputs that its users read; `Outputs` is the contract's type, so none can be forgotten. */
export function outputs<Outputs extends Readonly<Record<string, string>>>(
  stack: Stack,
  values: Outputs,
): void {
  for (const [name, value] of Object.entries(values)) new CfnOutput(stack, name, { value });
}
