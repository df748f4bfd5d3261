import { z } from 'zod';

/**
 * Reads a handler's variables by its schema, once, at cold start.
 * @throws a sentence that names each missing or malformed variable
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  variables: Record<string, string | undefined> = process.env,
): z.infer<Schema> {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  throw new Error(`the function's environment variables are wrong:\n${z.prettifyError(parsed.error)}`);
}
