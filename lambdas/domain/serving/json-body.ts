import { describeValue } from './describe-value.ts';
import { maximumBodyBytes } from './limits.ts';
import { refuse, type Refusal } from './refusal.ts';

/** A JSON object whose members are still to be looked at. */
export interface JsonObject {
  readonly json: Readonly<Record<string, unknown>>;
}

/** Reads a request's body as one JSON object. Its content type is not asked for: `curl -d` sends a wrong one. */
export function readJsonObject(body: string | Uint8Array | undefined): JsonObject | Refusal {
  if (body === undefined || body.length === 0) return refuse('the body is empty: expected a JSON object');
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  if (bytes > maximumBodyBytes) {
    return refuse(
      `the body has ${bytes} bytes, at most ${maximumBodyBytes} are taken: send the rows in several requests`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(
      typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body),
    );
  } catch (error) {
    return refuse(
      error instanceof SyntaxError
        ? `the body is not JSON: ${error.message}`
        : 'the body is not UTF-8 text: expected a JSON object in UTF-8',
    );
  }
  return isJsonObject(value)
    ? { json: value }
    : refuse(`the body is ${describeValue(value)}, expected a JSON object`);
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
