import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], extra: object = {}) => ({
  test: { name, include, environment: 'node' as const, ...extra },
});

/** Each suite is a project of its own: `npm run test:unit` and so on; `npm test` runs them all. */
export default defineConfig({
  test: {
    projects: [
      // What the code logs of the failures it is given is not the test's to show.
      project('unit', ['test/unit/**/*.test.ts'], { env: { POWERTOOLS_LOG_LEVEL: 'SILENT' } }),
      project('contracts', ['test/contracts/**/*.test.ts']),
      project('architecture', ['test/architecture/**/*.test.ts']),
      project('infra', ['test/infra/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 240_000 }),
      project('sagemaker', ['test/sagemaker/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 60_000 }),
      project('emulator', ['test/emulator/**/*.test.ts'], {
        testTimeout: 300_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
    ],
  },
});
