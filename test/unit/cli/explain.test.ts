import { expect, test } from 'vitest';
import { z } from 'zod';
import { explain } from '../../../cli/client/explain.ts';
import { MillraceError } from '../../../cli/client/millrace-error.ts';

const aws = { kind: 'aws', environment: 'dev', prefix: 'millrace-dev' } as const;
const named = (name: string, message: string, extra: object = {}) =>
  Object.assign(new Error(message), { name, ...extra });

test.each([
  [new MillraceError('a sentence', { cause: named('x', 'y', { code: 'ECONNREFUSED' }) }), 'a sentence'],
  [named('Error', 'connect', { code: 'ENOTFOUND' }), 'no connection to AWS (connect): is there a network?'],
  [
    new AggregateError([named('Error', 'v6', { code: 'ECONNREFUSED' })], ''),
    'no connection to AWS (v6): is there a network?',
  ],
  [
    named('CredentialsProviderError', 'Could not load'),
    'no AWS credentials were found (Could not load): sign in, or set AWS_PROFILE',
  ],
  [new Error('Region is missing'), 'no AWS region is set: set AWS_REGION, or choose a profile with one'],
  [
    named('ExpiredTokenException', 'old', { $metadata: {} }),
    'AWS refused the credentials (old): sign in again',
  ],
  [named('ThrottlingException', 'slow\ndown', { $metadata: {} }), 'ThrottlingException: slow; down'],
  [named('TypeError', 'plain'), 'plain'],
  ['thrown text', 'thrown text'],
])('%s', (error, sentence) => {
  expect(explain(error, aws)).toBe(sentence);
});

test('an answer that fits no contract is one line', () => {
  const { error } = z.object({ a: z.number(), b: z.number() }).safeParse({});
  const sentence = explain(error, aws);
  expect(sentence).toContain('does not fit its contract');
  expect(sentence).not.toContain('\n');
});
