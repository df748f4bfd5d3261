import type { z } from 'zod';
import type { OperationContext } from '../context.ts';
import { parseRequest } from '../requests/parse.ts';

/** Answers a request's parsed JSON body. Throws ServiceError for what the caller did wrong. */
export type Operation = (context: OperationContext, body: unknown) => Record<string, unknown>;

/** An action: its input's schema, and what it does with input that satisfies it. */
export function operation<Schema extends z.ZodType>(
  schema: Schema,
  run: (context: OperationContext, input: z.infer<Schema>) => Record<string, unknown>,
): Operation {
  return (context, body) => run(context, parseRequest(schema, body));
}

/** JSON 1.1 writes timestamps as seconds since the epoch. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;

export const optionalSeconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : seconds(milliseconds);
