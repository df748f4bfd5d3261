import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import { only, resourcesOf } from './resources.ts';

const retrier = z.object({ ErrorEquals: z.array(z.string()), MaxAttempts: z.number().optional() }).loose();
const state = z
  .object({
    Type: z.string(),
    Resource: z.string().optional(),
    Parameters: z.record(z.string(), z.unknown()).optional(),
    ResultPath: z.string().optional(),
    Retry: z.array(retrier).optional(),
    Next: z.string().optional(),
    End: z.boolean().optional(),
    TimeoutSeconds: z.number().optional(),
  })
  .loose();
export const definition = z.strictObject({
  StartAt: z.string(),
  States: z.record(z.string(), state),
  TimeoutSeconds: z.number(),
});
export type State = z.infer<typeof state>;

const properties = z.object({
  StateMachineName: z.string(),
  StateMachineType: z.string(),
  DefinitionString: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(definition),
  RoleArn: z.string(),
  TracingConfiguration: z.object({ Enabled: z.boolean() }).optional(),
  LoggingConfiguration: z
    .object({
      Level: z.string(),
      IncludeExecutionData: z.boolean(),
      Destinations: z.array(z.object({ CloudWatchLogsLogGroup: z.object({ LogGroupArn: z.string() }) })),
    })
    .optional(),
});

export function machinesOf(deployment: Deployment) {
  return resourcesOf(deployment, 'AWS::StepFunctions::StateMachine', properties);
}

/** @param name last part of the physical name */
export function machineOf(deployment: Deployment, name: string) {
  const { properties: found, ...resource } = only(
    machinesOf(deployment).filter((machine) => machine.properties.StateMachineName.endsWith(`-${name}`)),
    `machine ${name}`,
  );
  return { ...resource, properties: found, states: found.DefinitionString.States };
}
