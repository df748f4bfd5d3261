import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import { only, resourcesOf } from './resources.ts';

const functionProperties = z.object({
  FunctionName: z.string(),
  Runtime: z.string(),
  Handler: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  Architectures: z.array(z.string()),
  Role: z.string(),
  TracingConfig: z.object({ Mode: z.string() }).optional(),
  LoggingConfig: z.object({ LogGroup: z.string() }).optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

const mappingProperties = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  BisectBatchOnFunctionError: z.boolean().optional(),
  MaximumRetryAttempts: z.number().optional(),
  MaximumRecordAgeInSeconds: z.number().optional(),
  ParallelizationFactor: z.number().optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }).optional(),
});

/** Every Lambda function with the name of its folder under `lambdas/handlers`. */
export function functionsOf(deployment: Deployment) {
  return resourcesOf(deployment, 'AWS::Lambda::Function', functionProperties).map((resource) => ({
    ...resource,
    handler: resource.properties.Environment.Variables['POWERTOOLS_SERVICE_NAME'] ?? '',
  }));
}

/** The function of one handler. */
export function functionOf(deployment: Deployment, handler: string) {
  return only(
    functionsOf(deployment).filter((each) => each.handler === handler),
    `function of ${handler}`,
  );
}

/** Every event source mapping, with its function. */
export function mappingsOf(deployment: Deployment) {
  const functions = functionsOf(deployment);
  return resourcesOf(deployment, 'AWS::Lambda::EventSourceMapping', mappingProperties).map((mapping) => ({
    ...mapping,
    function: only(
      functions.filter(({ ref, arn }) => [ref, arn].includes(mapping.properties.FunctionName)),
      `function of mapping ${mapping.id}`,
    ),
    service: z.string().parse(mapping.properties.EventSourceArn.split(':')[2]),
  }));
}
