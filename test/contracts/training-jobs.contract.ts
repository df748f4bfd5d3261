import { describe, expect, test } from 'vitest';
import type { TrainingJobRequest } from '../../lambdas/contracts/training-steps.ts';
import type { TrainingJobs } from '../../lambdas/domain/ports/training-jobs.ts';

export interface TrainingJobsUnderTest {
  readonly jobs: TrainingJobs;
  readonly requestOf: (name: string, ending: 'good' | 'bad') => Promise<TrainingJobRequest>;
  /** Resolves when a job has ended as its request was made to. */
  readonly ended: (name: string) => Promise<void>;
}

/** What every `TrainingJobs` must do. */
export function trainingJobsContract(name: string, make: () => Promise<TrainingJobsUnderTest>): void {
  describe(`training jobs: ${name}`, () => {
    test('a job is started once by its name', async () => {
      const { jobs, requestOf, ended } = await make();
      const request = await requestOf('once', 'good');
      expect(await jobs.start(request)).toBe('started');
      expect(await jobs.start(request)).toBe('already-started');
      expect(await jobs.describe('once')).toMatchObject({ TrainingJobName: 'once' });
      await ended('once');
      expect(await jobs.start(request)).toBe('already-started');
    });

    test('one that completed tells where its model is', async () => {
      const { jobs, requestOf, ended } = await make();
      const request = await requestOf('good', 'good');
      await jobs.start(request);
      await ended('good');
      const job = await jobs.describe('good');
      expect(job).toMatchObject({
        TrainingJobName: 'good',
        TrainingJobStatus: 'Completed',
        // The training machine reads it, and a path to nothing ends an execution.
        SecondaryStatus: 'Completed',
      });
      expect(job.FailureReason).toBeUndefined();
      expect(job.ModelArtifacts?.S3ModelArtifacts).toBe(
        `${request.OutputDataConfig.S3OutputPath}/good/output/model.tar.gz`,
      );
    });

    test('one that failed tells why', async () => {
      const { jobs, requestOf, ended } = await make();
      await jobs.start(await requestOf('bad', 'bad'));
      await ended('bad');
      const job = await jobs.describe('bad');
      expect(job).toMatchObject({ TrainingJobName: 'bad', TrainingJobStatus: 'Failed' });
      expect(job.FailureReason).toMatch(/^AlgorithmError: the moon is full/);
    });

    test('one that never was cannot be described', async () => {
      const { jobs } = await make();
      await expect(jobs.describe('nobody')).rejects.toThrow();
    });
  });
}
