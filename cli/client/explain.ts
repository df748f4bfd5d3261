import { z } from 'zod';
import type { Cloud } from './cloud.ts';
import { MillraceError } from './millrace-error.ts';

/** Error codes of a connection that never came to be. */
const unreachable = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
];

/**
 * One sentence for a person, whatever was thrown.
 * @param cloud that was talked to, when it is known
 */
export function explain(error: unknown, cloud?: Cloud): string {
  if (error instanceof MillraceError) return oneLine(error.message);
  const refused = causesOf(error).find((cause) => unreachable.includes(codeOf(cause)));
  if (refused && cloud?.kind === 'local') {
    return `the local cloud at ${cloud.endpoint} does not answer; start it with npm start`;
  }
  if (refused)
    return `no connection to AWS (${oneLine(refused.message || codeOf(refused))}): is there a network?`;
  if (error instanceof z.ZodError) {
    return oneLine(`what came does not fit its contract: ${z.prettifyError(error)}`);
  }
  if (!(error instanceof Error)) return oneLine(String(error));
  if (error.name === 'CredentialsProviderError' || error.name === 'TokenProviderError') {
    return `no AWS credentials were found (${oneLine(error.message)}): sign in, or set AWS_PROFILE`;
  }
  if (/Region is missing/.test(error.message))
    return 'no AWS region is set: set AWS_REGION, or choose a profile with one';
  if (/^ExpiredToken|UnrecognizedClient|InvalidClientTokenId/.test(error.name)) {
    return `AWS refused the credentials (${oneLine(error.message)}): sign in again`;
  }
  return oneLine(
    error.name === 'Error' || error.name === 'MillraceError' ? error.message : messageWithName(error),
  );
}

function messageWithName(error: Error): string {
  // The SDK's names (AccessDenied, Throttling) say more than its messages; a house error's message is whole.
  if (error.message === 'UnknownError')
    return 'AWS answered with an error and no reason: is this service there?';
  return '$metadata' in error ? `${error.name}: ${error.message}` : error.message;
}

/** The error, what caused it, and the members of an aggregate: Node tries several addresses and tells of each. */
function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const members: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...[error.cause, ...members].flatMap(causesOf)];
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, '; ').trim();
}
