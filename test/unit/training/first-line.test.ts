import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstLine } from '../../../lambdas/domain/training/first-line.ts';

describe('the first line of a cause', () => {
  it.each([
    [
      'of a Lambda',
      JSON.stringify({ errorType: 'TypeError', errorMessage: 'x is undefined\n  at y', trace: [] }),
      'TypeError: x is undefined',
    ],
    [
      'of a permanent error, which is a sentence already',
      JSON.stringify({ errorType: 'PermanentError', errorMessage: 'no row in the training part' }),
      'no row in the training part',
    ],
    [
      "of the emulator's Lambda, which names no class",
      JSON.stringify({ errorType: 'Runtime.HandlerError', errorMessage: 'no row in the training part' }),
      'no row in the training part',
    ],
    [
      'of a training job',
      JSON.stringify({
        TrainingJobName: 'tumours-1',
        FailureReason: 'AlgorithmError: ValueError in pipeline.py:12: bad\nmore, exit code: 1',
      }),
      'ValueError in pipeline.py:12: bad',
    ],
    [
      'of a training job in one line',
      JSON.stringify({ FailureReason: 'AlgorithmError: ValueError in pipeline.py:12: bad, exit code: 1' }),
      'ValueError in pipeline.py:12: bad',
    ],
    [
      'of a training job that was silent',
      JSON.stringify({ FailureReason: 'AlgorithmError: exit code: 137' }),
      'the training code ended without saying why (exit code: 137)',
    ],
    [
      'of a training job that was stopped, which gives no reason',
      JSON.stringify({
        TrainingJobName: 'tumours-1',
        TrainingJobStatus: 'Stopped',
        SecondaryStatus: 'Stopped',
      }),
      'training job tumours-1 ended as Stopped (Stopped): somebody stopped it; ask for another run with `millrace retrain <project>`',
    ],
    ['of plain text', '\n  the disk is full\nand more', 'the disk is full'],
    [
      'of a traceback, which tells it last',
      'Traceback (most recent call last):\n  File "pipeline.py", line 12\nValueError: bad\n',
      'ValueError: bad',
    ],
    ['of JSON that was cut short', '{"errorMessage": "too lo', '{"errorMessage": "too lo'],
    ['of nothing', undefined, 'no cause given'],
    ['of an empty text', ' \n', 'no cause given'],
  ])('%s', (_case, cause, expected) => {
    expect(firstLine(cause, 'no cause given')).toBe(expected);
  });

  it('is one line, not empty and not long, whatever the cause', () => {
    const causes = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ errorMessage: fc.string(), errorType: fc.string() }).map((cause) => JSON.stringify(cause)),
      fc.record({ FailureReason: fc.string({ maxLength: 2000 }) }).map((cause) => JSON.stringify(cause)),
    );
    fc.assert(
      fc.property(causes, (cause) => {
        expect(firstLine(cause, 'no cause given')).toMatch(/^[^\n]{1,500}$/);
      }),
    );
  });
});
