import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DescribeTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import type { Millrace } from '../../cli/client/connect.ts';
import { waitFor } from '../../cli/client/wait-for.ts';
import { evaluationResult, type EvaluationResult } from '../../lambdas/contracts/training-steps.ts';
import type { RunRecord } from '../../lambdas/contracts/ledger.ts';
import { localRegion } from '../cloud-environment.ts';

/** Longest that the story waits for one step, in milliseconds. */
const patienceMs = 180_000;

/** Follows one run of the training machine through the APIs of Step Functions and SageMaker. */
export class TrainingRun {
  readonly runId: string;
  readonly #project: string;
  readonly #millrace: Millrace;
  /** Step Functions of the local cloud. */
  readonly states: SFNClient;

  constructor(millrace: Millrace, project: string, runId: string, endpoint: string) {
    this.#millrace = millrace;
    this.#project = project;
    this.runId = runId;
    this.states = new SFNClient({
      endpoint,
      region: localRegion,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  }

  /** Waits for the training job. @throws with SageMaker's reason when it failed */
  async trained(progress: (text: string) => void): Promise<{ seconds: number; artifacts: string }> {
    return this.follow('its training job', async () => {
      const job = await this.#millrace.clients.sageMaker
        .send(new DescribeTrainingJobCommand({ TrainingJobName: this.runId }))
        .catch((error: unknown) => {
          if (isUnknownJob(error)) return undefined;
          throw error;
        });
      progress(job?.SecondaryStatus ?? 'the machine starts');
      if (job?.TrainingJobStatus === 'Failed')
        throw new Error(job.FailureReason ?? 'the training job failed');
      if (job?.TrainingJobStatus !== 'Completed') return undefined;
      return {
        seconds: job.TrainingTimeInSeconds ?? 0,
        artifacts: job.ModelArtifacts?.S3ModelArtifacts ?? '',
      };
    });
  }

  /** Waits for the evaluation, as the machine's history has it. */
  async evaluated(): Promise<EvaluationResult> {
    return this.follow('its evaluation', async () => {
      const events = await this.history();
      const left = events.find(
        ({ type, stateExitedEventDetails }) =>
          type === 'TaskStateExited' && stateExitedEventDetails?.name === 'Evaluate',
      );
      const output = left?.stateExitedEventDetails?.output;
      return output === undefined ? undefined : evaluationResult.parse(JSON.parse(output));
    });
  }

  /** Waits until the run's record says how it ended. */
  async closed(): Promise<RunRecord> {
    return this.follow('its end', async () => {
      const run = await this.#millrace.run(this.#project, this.runId);
      return run && ['registered', 'rejected', 'failed'].includes(run.state) ? run : undefined;
    });
  }

  /** @throws while the run has none */
  async executionArn(): Promise<string> {
    const run = await this.#millrace.run(this.#project, this.runId);
    if (run?.executionArn === undefined) throw new Error(`run ${this.runId} was never started`);
    return run.executionArn;
  }

  /** The machine's history so far, oldest event first. */
  async history() {
    const run = await this.#millrace.run(this.#project, this.runId);
    if (run?.executionArn === undefined) return [];
    const { events } = await this.states.send(
      new GetExecutionHistoryCommand({ executionArn: run.executionArn, maxResults: 1000 }),
    );
    return events ?? [];
  }

  /** As `waitFor`, but a run that failed ends the wait with its reason. */
  async follow<Answer>(what: string, probe: () => Promise<Answer | undefined>): Promise<Answer> {
    return waitFor(
      `run ${this.runId}: ${what}`,
      async () => {
        const answer = await probe();
        if (answer !== undefined) return answer;
        const run = await this.#millrace.run(this.#project, this.runId);
        if (run?.state === 'failed') throw new Error(`run ${this.runId} failed: ${run.reasons.join('; ')}`);
        return undefined;
      },
      { timeoutMs: patienceMs, intervalMs: 150 },
    );
  }
}

/** The job is there only once the machine has come to it; SageMaker's error for that has one of two names. */
function isUnknownJob(error: unknown): boolean {
  return error instanceof Error && /^(ResourceNotFound|ValidationException)$/.test(error.name);
}
