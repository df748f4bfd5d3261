import type { Millrace } from '../../cli/client/connect.ts';
import { invocations, type Invocations } from './invocations.ts';
import { rolloutExecution, stateTransitions } from './state-transitions.ts';
import type { TrainingRun } from './training-run.ts';

/** A run from its first cause to its version's full traffic. */
export interface FollowedRun {
  readonly run: TrainingRun;
  readonly version: number;
  /** Epoch milliseconds: before its cause, and after its rollout. */
  readonly since: number;
  readonly until: number;
}

/** What a run made AWS do, as it would be billed. */
export interface WorkOfARun {
  readonly version: number;
  readonly stateTransitions: { readonly training: number; readonly rollout: number };
  /** Of every function in the run's span: predictions and the watching of them too, where traffic went on. */
  readonly invocations: Invocations;
}

/** Counts a run's work by the histories of its executions and the logs of the functions. */
export async function workOfARun(
  millrace: Millrace,
  { run, version, since, until }: FollowedRun,
): Promise<WorkOfARun> {
  const { cloud, clients, outputs } = millrace;
  const trainingArn = await run.executionArn();
  const rolloutArn = await rolloutExecution(run.states, outputs.serving.RolloutMachineArn, version);
  return {
    version,
    stateTransitions: {
      training: await stateTransitions(run.states, trainingArn),
      rollout: await stateTransitions(run.states, rolloutArn),
    },
    invocations: await invocations(clients.logs, cloud.prefix, since, until),
  };
}
