import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** A tool that only says yes or no. */
export const checkCount = (passed: boolean): Count =>
  passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

const vitestReport = z.object({
  numPassedTests: z.int().nonnegative(),
  numFailedTests: z.int().nonnegative(),
});

/** Counts vitest's JSON report. A suite that could not even be collected is a failure, as is a run without any test. */
export function vitestCount(file: string, passed: boolean): Count {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const report = vitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  return honest({ passed: report.numPassedTests, failed: report.numFailedTests }, passed);
}

/** Counts a JUnit report, as pytest writes it. Skipped tests are not passed ones. */
export function junitCount(file: string, passed: boolean): Count {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const suite =
    /<testsuite\b(?<attributes>[^>]*)>/.exec(readFileSync(file, 'utf8'))?.groups?.['attributes'] ?? '';
  const figure = (name: string): number => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = figure('failures') + figure('errors');
  return honest({ passed: figure('tests') - failed - figure('skipped'), failed }, passed);
}

/** A runner that failed has at least one failure, whatever its report says; one that ran nothing has failed. */
function honest({ passed, failed }: Count, succeeded: boolean): Count {
  return { passed, failed: failed === 0 && (!succeeded || passed === 0) ? 1 : failed };
}
