import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalCloudError } from '../../../local/loopback.ts';
import { readArguments } from '../../emulator/arguments.ts';

describe("the emulator suite's command line", () => {
  it('keeps its own options and gives vitest the rest, in its order', () => {
    expect(
      readArguments([
        '--endpoint',
        'http://localhost:4566/',
        '--reporter=json',
        '--sagemaker-port=4580',
        '--outputFile',
        'x.json',
      ]),
    ).toEqual({
      endpoint: 'http://localhost:4566',
      sageMakerPort: 4580,
      vitest: ['--reporter=json', '--outputFile', 'x.json'],
    });
    expect(readArguments([])).toEqual({ endpoint: undefined, sageMakerPort: undefined, vitest: [] });
  });

  it.each([
    [['--endpoint'], '--endpoint needs a value'],
    [['--sagemaker-port', 'high'], "--sagemaker-port takes a number from 1 to 65535, not 'high'"],
    [['--sagemaker-port', '65536'], "not '65536'"],
    [['--endpoint', 'https://sts.amazonaws.com'], 'https://sts.amazonaws.com is not on this machine'],
  ])('%j is refused with a sentence', (args, sentence) => {
    expect(() => readArguments(args)).toThrow(LocalCloudError);
    expect(() => readArguments(args)).toThrow(sentence);
  });

  it.each([
    ['the suite', ['test/emulator/run.ts', '--endpoint', 'https://sts.amazonaws.com']],
    ['the command line', ['cli/main.ts', 'status', '--endpoint', 'https://sts.amazonaws.com']],
  ])('%s, run with a real account at hand, ends before it speaks to anybody', async (_what, args) => {
    const { code, output } = await run(args);
    expect(code).not.toBe(0);
    expect(output).toMatch(/sts\.amazonaws\.com'? is not on this machine/);
    expect(output).not.toMatch(/^\s+at /m);
  });
});

function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const env = {
    ...process.env,
    AWS_PROFILE: 'production',
    AWS_ACCESS_KEY_ID: 'AKIAREAL',
    AWS_SESSION_TOKEN: 'real',
  };
  return new Promise((done) => {
    execFile(
      process.execPath,
      args,
      { cwd: resolve(import.meta.dirname, '../../..'), env },
      (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
      },
    );
  });
}
