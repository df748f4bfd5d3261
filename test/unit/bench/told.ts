import type { ToldStep, ToldStory } from '../../../bench/loop/told-story.ts';

const step = (name: string, seconds: number, observed: ToldStep['observed'] = {}): ToldStep => ({
  name,
  seconds,
  ok: true,
  observed,
});

export interface TellOptions {
  readonly deployed?: number;
  readonly validated?: number;
  readonly requests?: number;
  readonly failed?: number;
}

/** A whole story in few steps: version 1 answers after 6 s and what `validated` takes, 4 s of it training. */
export function tell({
  deployed = 20,
  validated = 1,
  requests = 100,
  failed = 0,
}: TellOptions = {}): ToldStory {
  const invocations = { 'close-run': 1, 'serve-predictions': 90, 'watch-predictions': 30 };
  return {
    ok: true,
    steps: [
      step('cloud up, deployed', deployed),
      step('before any model', 3),
      step('uploaded', 0.5),
      step('validated', validated),
      step('trained', 5, { trainingSeconds: 4 }),
      step('predicted', 0.5),
      step('drift detected', 4),
      step('policy: drift', 1),
      step('trained', 6, { trainingSeconds: 5 }),
      step('same address', 1),
      step('no request failed', 0, { requests, failed, byVersion: {} }),
      step('counted', 0, {
        runs: [{ version: 1, stateTransitions: { training: 5, rollout: 3 }, invocations }],
      }),
    ],
  };
}
