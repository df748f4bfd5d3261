import {
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import type { RawClients } from './clients.ts';

/**
 * Changes a deployed function's variables, which also makes it start anew.
 * @returns what puts the former variables back
 */
export async function changeVariables(
  { lambda }: RawClients,
  functionName: string,
  change: (variables: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  const before = Environment?.Variables;
  if (!before) throw new Error(`${functionName} has no variables`);
  const set = async (Variables: Readonly<Record<string, string>>): Promise<void> => {
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: functionName, Environment: { Variables } }),
    );
    await waitUntilFunctionUpdatedV2(
      { client: lambda, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
      { FunctionName: functionName },
    );
  };
  await set({ ...before, ...change(before) });
  return () => set(before);
}
