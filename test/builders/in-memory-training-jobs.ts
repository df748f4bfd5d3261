import type { TrainingJobRequest } from '../../lambdas/contracts/training-steps.ts';
import type { TrainingJobDescription, TrainingJobs } from '../../lambdas/domain/ports/training-jobs.ts';

/** Training jobs that run nothing: a test says how each ends. */
export class InMemoryTrainingJobs implements TrainingJobs {
  readonly #jobs = new Map<string, TrainingJobDescription>();
  readonly requests: TrainingJobRequest[] = [];

  async start(request: TrainingJobRequest): Promise<'started' | 'already-started'> {
    const name = request.TrainingJobName;
    if (this.#jobs.has(name)) return 'already-started';
    this.requests.push(request);
    this.put({ TrainingJobName: name, TrainingJobStatus: 'InProgress' });
    return 'started';
  }

  async describe(name: string): Promise<TrainingJobDescription> {
    const found = this.#jobs.get(name);
    if (!found) throw new Error(`ValidationException: no training job ${name}`);
    return found;
  }

  put(job: TrainingJobDescription): void {
    this.#jobs.set(job.TrainingJobName, job);
  }
}
