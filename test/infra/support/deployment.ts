import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { z } from 'zod';
import { type Meanings, resolve } from './resolve.ts';

const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      DeletionPolicy: z.string().optional(),
      UpdateReplacePolicy: z.string().optional(),
    }),
  ),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() }))
    .default({}),
});

/** A resource of a deployment, its references replaced by names and ARNs made of stack and logical id. */
export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
  readonly ref: string;
  readonly arn: string;
}

export interface Deployment {
  readonly assembly: CloudAssembly;
  readonly stackNames: readonly string[];
  readonly resources: readonly Resource[];
  /** By output key, for the stack `<prefix>-<room>`. */
  outputsOf(room: string): Readonly<Record<string, unknown>>;
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Region': 'eu-west-1',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Types whose `Ref` is their ARN. */
const arnByRef = new Set(['AWS::StepFunctions::StateMachine', 'AWS::SNS::Topic']);

/** Reads every stack of an assembly, references between stacks included. */
export function readDeployment(assembly: CloudAssembly, prefix: string): Deployment {
  const stacks = assembly.stacks.map((stack) => ({
    name: stack.stackName,
    ...template.parse(stack.template),
  }));
  const exported = new Map<string, () => unknown>();

  const resources = stacks.flatMap((stack) => {
    const meanings = meaningsOf(stack.name, stack.Resources, exported);
    for (const { Export, Value } of Object.values(stack.Outputs)) {
      if (Export) exported.set(Export.Name, () => resolve(Value, meanings));
    }
    return Object.entries(stack.Resources).map(([id, resource]) => ({
      stack: stack.name,
      id,
      resource,
      meanings,
    }));
  });
  return {
    assembly,
    stackNames: stacks.map(({ name }) => name),
    resources: resources.map(({ stack, id, resource, meanings }) => ({
      stack,
      id,
      type: resource.Type,
      properties: z.record(z.string(), z.unknown()).parse(resolve(resource.Properties, meanings)),
      deletionPolicy: resource.DeletionPolicy,
      updateReplacePolicy: resource.UpdateReplacePolicy,
      ref: meanings.ref(id),
      arn: meanings.attribute(id, 'Arn'),
    })),
    outputsOf(room) {
      const stack = stacks.find(({ name }) => name === `${prefix}-${room}`);
      if (!stack)
        throw new Error(`no stack ${prefix}-${room} among ${stacks.map(({ name }) => name).join(', ')}`);
      const meanings = meaningsOf(stack.name, stack.Resources, exported);
      return Object.fromEntries(
        Object.entries(stack.Outputs).map(([key, { Value }]) => [key, resolve(Value, meanings)]),
      );
    },
  };
}

function meaningsOf(
  stack: string,
  resources: z.infer<typeof template>['Resources'],
  exported: ReadonlyMap<string, () => unknown>,
): Meanings {
  const typeOf = (id: string): string => {
    const resource = resources[id];
    if (!resource) throw new Error(`${stack} refers to ${id}, which is none of its resources`);
    return resource.Type;
  };
  const arn = (id: string): string => {
    const service = typeOf(id).split('::')[1]?.toLowerCase() ?? '';
    if (typeOf(id) === 'AWS::StepFunctions::StateMachine') {
      return `arn:aws:states:eu-west-1:123456789012:stateMachine:${stack}-${id}`;
    }
    return `arn:aws:${service}:eu-west-1:123456789012:${stack}/${id}`;
  };
  return {
    ref(id) {
      const pseudo = pseudoParameters[id];
      if (pseudo) return pseudo;
      const type = typeOf(id);
      if (type === 'AWS::SQS::Queue')
        return `https://sqs.eu-west-1.amazonaws.com/123456789012/${stack}-${id}`;
      return arnByRef.has(type) ? arn(id) : `${stack}/${id}`;
    },
    attribute(id, name) {
      if (name === 'Arn' || name === 'TopicArn') return arn(id);
      if (name === 'ApiEndpoint') return `https://${id.toLowerCase()}.execute-api.eu-west-1.amazonaws.com`;
      return `${arn(id)}#${typeOf(id)}.${name}`;
    },
    importValue(name) {
      const value = exported.get(name);
      if (!value) throw new Error(`${stack} imports ${name}, which no stack exports`);
      return value();
    },
  };
}
