import { describe, expect, test } from 'vitest';
import type { ExecutionReader, Executions } from '../../lambdas/domain/ports/executions.ts';

export interface ExecutionsUnderTest {
  readonly executions: Executions;
  readonly reader: ExecutionReader;
  /** Ends an execution: with output `{"done":true}`, or with error `Refused` and cause `not today`. */
  readonly end: (arn: string, how: 'succeed' | 'fail') => Promise<void>;
}

/** What every `Executions` and its `ExecutionReader` must do. */
export function executionsContract(name: string, make: () => Promise<ExecutionsUnderTest>): void {
  describe(`executions: ${name}`, () => {
    test('an execution runs by its name, with its input as JSON', async () => {
      const { executions, reader } = await make();
      const arn = await executions.start('first', { n: 1 });
      expect(arn).toMatch(/:execution:[^:]+:first$/);
      const found = await reader.describe(arn);
      expect(found).toMatchObject({ executionArn: arn, status: 'RUNNING', output: undefined });
      expect(JSON.parse(found?.input ?? '')).toEqual({ n: 1 });
    });

    test('a name is started once: the second call gives the first execution, whatever its input', async () => {
      const { executions, reader } = await make();
      const arn = await executions.start('once', { n: 1 });
      expect(await executions.start('once', { n: 1 })).toBe(arn);
      expect(await executions.start('once', { n: 2 })).toBe(arn);
      expect(JSON.parse((await reader.describe(arn))?.input ?? '')).toEqual({ n: 1 });
    });

    test('also when the first has ended', async () => {
      const { executions, reader, end } = await make();
      const arn = await executions.start('over', { n: 1 });
      await end(arn, 'succeed');
      expect(await executions.start('over', { n: 1 })).toBe(arn);
      const found = await reader.describe(arn);
      expect(found).toMatchObject({ status: 'SUCCEEDED', error: undefined, cause: undefined });
      expect(JSON.parse(found?.output ?? '')).toEqual({ done: true });
    });

    test('one that failed says why, and has no output', async () => {
      const { executions, reader, end } = await make();
      const arn = await executions.start('failing', {});
      await end(arn, 'fail');
      expect(await reader.describe(arn)).toMatchObject({
        status: 'FAILED',
        error: 'Refused',
        cause: 'not today',
        output: undefined,
      });
    });

    test('one that never was is not known', async () => {
      const { executions, reader } = await make();
      const arn = await executions.start('there', {});
      expect(await reader.describe(arn.replace(/there$/, 'elsewhere'))).toBeUndefined();
    });
  });
}
