import type { z } from 'zod';
import { validationError } from '../errors.ts';

type Issue = z.core.$ZodIssue;

/** SageMaker names members in lower camel case in its messages. */
function memberPath(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? String(step + 1) : lowerFirst(String(step))))
    .join('.');
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function received(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

function constraint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_format':
      return issue.format === 'regex'
        ? `Member must satisfy regular expression pattern: ${issue.pattern ?? ''}`
        : issue.message;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.map(String).join(', ')}]`;
    case 'too_big':
      return `Member must be at most ${issue.maximum} (length, count or value)`;
    case 'too_small':
      return `Member must be at least ${issue.minimum} (length, count or value)`;
    case 'invalid_type':
      return `Member must be of type ${issue.expected}`;
    case 'unrecognized_keys':
      return `Member must not contain ${issue.keys.join(', ')}: unknown to SageMaker, or not served by the local one`;
    default:
      return issue.message;
  }
}

function describe(issue: Issue, input: unknown): string {
  const value = received(input, issue.path);
  const at = issue.path.length === 0 ? 'the request' : `'${memberPath(issue.path)}'`;
  if (value === undefined) return `Value null at ${at} failed to satisfy constraint: Member must not be null`;
  const shown = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  return `Value ${shown} at ${at} failed to satisfy constraint: ${constraint(issue)}`;
}

/** Throws a ValidationException that says for each wrong member what came and what was expected. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const { issues } = result.error;
  const count = `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected`;
  throw validationError(`${count}: ${issues.map((issue) => describe(issue, input)).join('; ')}`);
}
