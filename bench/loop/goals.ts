import { spreadOf } from '../spread.ts';
import type { LoopFigures } from './figures.ts';

export interface JudgedGoal {
  readonly met: boolean;
  readonly goal: string;
  /** What was measured, in words. */
  readonly measured: string;
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** The loop's goals against its runs: times by their median, failures by their sum. Missed ones come first. */
export function judgeGoals(runs: readonly LoopFigures[]): JudgedGoal[] {
  const deployed = spreadOf(runs.map((run) => run.deployed)).median;
  const beyondTraining = spreadOf(runs.map((run) => run.uploadToVersion1 - run.training1)).median;
  const failed = runs.reduce((sum, run) => sum + run.failedRequests, 0);
  const requests = runs.reduce((sum, run) => sum + run.requests, 0);
  const goals = [
    { met: deployed <= 30, goal: 'up and deployed within 30 s', measured: seconds(deployed) },
    {
      met: beyondTraining <= 10,
      goal: 'upload to version 1 answering within training time + 10 s',
      measured: `training time + ${seconds(beyondTraining)}`,
    },
    {
      // Without a request, nothing was shown.
      met: failed === 0 && requests > 0,
      goal: 'no failed request while version 2 takes over',
      measured: `${failed} of ${requests} failed`,
    },
  ];
  return goals.toSorted((a, b) => Number(a.met) - Number(b.met));
}
