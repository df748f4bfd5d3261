import { z } from 'zod';
import { PermanentError } from '../domain/errors.ts';

/** Holds a value to its contract. @param what names the value in the error @throws PermanentError */
export function parseAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PermanentError(`${what} does not fit its contract: ${z.prettifyError(parsed.error)}`);
}

/** The same for JSON, as text or UTF-8 bytes. @throws PermanentError */
export function parseJsonAs<Schema extends z.ZodType>(
  schema: Schema,
  json: string | Uint8Array,
  what: string,
): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(typeof json === 'string' ? json : new TextDecoder().decode(json));
  } catch (error) {
    throw new PermanentError(
      `${what} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return parseAs(schema, value, what);
}
