import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import { resourcesOf } from './resources.ts';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: texts.optional(),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
export type Statement = z.infer<typeof statement>;

export const policyDocument = z.object({ Statement: z.array(statement) });

const policy = z.object({ PolicyDocument: policyDocument, Roles: z.array(z.string()) });

/** Every statement of an identity's policies, with the role it belongs to. */
export function grantsOf(deployment: Deployment): readonly (Statement & { readonly role: string })[] {
  return resourcesOf(deployment, 'AWS::IAM::Policy', policy).flatMap(({ properties }) =>
    properties.Roles.flatMap((role) =>
      properties.PolicyDocument.Statement.map((each) => ({ ...each, role })),
    ),
  );
}

/** What one role is allowed. */
export function allowedTo(deployment: Deployment, roleArn: string): readonly Statement[] {
  const role = roleArn.slice(roleArn.lastIndexOf(':') + 1);
  const found = grantsOf(deployment)
    .filter((grant) => grant.role === role && grant.Effect === 'Allow')
    .map(({ Sid, Effect, Action, Resource, Condition }) => ({
      ...(Sid !== undefined && { Sid }),
      Effect,
      Action,
      ...(Resource && { Resource }),
      ...(Condition && { Condition }),
    }));
  if (found.length === 0) throw new Error(`nothing is granted to ${role}`);
  return found;
}

/** Actions that these statements allow on a resource or on what lies in it. */
export function actionsOn(statements: readonly Statement[], arn: string): readonly string[] {
  return statements
    .filter(({ Resource }) => Resource?.some((each) => each === arn || each.startsWith(`${arn}/`)))
    .flatMap(({ Action }) => Action);
}
