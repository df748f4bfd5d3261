import { describe, expect, test } from 'vitest';
import type { TaskTokens } from '../../lambdas/domain/ports/executions.ts';

export interface TaskTokensUnderTest {
  readonly tasks: TaskTokens;
  /** Makes a state wait. @returns its token */
  readonly waiting: () => Promise<string>;
  /** What the state that waited for a token was told. */
  readonly told: (token: string) => Promise<unknown>;
}

/** What every `TaskTokens` must do. */
export function taskTokensContract(name: string, make: () => Promise<TaskTokensUnderTest>): void {
  describe(`task tokens: ${name}`, () => {
    test('a waiting state is told the output, once', async () => {
      const { tasks, waiting, told } = await make();
      const token = await waiting();
      expect(await tasks.succeed(token, { n: 1 })).toBe(true);
      expect(await told(token)).toEqual({ output: { n: 1 } });
      expect(await tasks.succeed(token, { n: 2 })).toBe(false);
      expect(await tasks.fail(token, 'Late', 'too late')).toBe(false);
    });

    test('a waiting state is told the failure, once', async () => {
      const { tasks, waiting, told } = await make();
      const token = await waiting();
      expect(await tasks.fail(token, 'Refused', 'not today')).toBe(true);
      expect(await told(token)).toEqual({ error: 'Refused', cause: 'not today' });
      expect(await tasks.succeed(token, {})).toBe(false);
    });

    test('tokens are answered apart', async () => {
      const { tasks, waiting, told } = await make();
      const [first, second] = [await waiting(), await waiting()];
      expect(await tasks.succeed(second, { n: 2 })).toBe(true);
      expect(await tasks.succeed(first, { n: 1 })).toBe(true);
      expect([await told(first), await told(second)]).toEqual([{ output: { n: 1 } }, { output: { n: 2 } }]);
    });
  });
}
