import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEnvironment } from '../../../lambdas/runtime/environment.ts';

const schema = z.object({ TABLE: z.string().min(1), SCALE: z.coerce.number() });

describe("a handler's variables", () => {
  it('are read by their schema', () => {
    expect(readEnvironment(schema, { TABLE: 'ledger', SCALE: '0.01', HOME: '/' })).toEqual({
      TABLE: 'ledger',
      SCALE: 0.01,
    });
  });

  it('are named when they are missing or malformed', () => {
    expect(() => readEnvironment(schema, { SCALE: 'fast' })).toThrow(
      /variables are wrong[\s\S]*TABLE[\s\S]*SCALE/,
    );
  });
});
