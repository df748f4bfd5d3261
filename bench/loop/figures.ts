import { z } from 'zod';
import type { ToldStep, ToldStory } from './told-story.ts';

/** Times in seconds. */
export interface LoopFigures {
  readonly steps: readonly { readonly name: string; readonly seconds: number }[];
  readonly deployed: number;
  readonly uploadToVersion1: number;
  /** Of version 1's job, by SageMaker's own count: whole seconds. */
  readonly training1: number;
  /** From the first request of the changed world. */
  readonly shiftToVersion2: number;
  readonly detectionToVersion2: number;
  readonly requests: number;
  readonly failedRequests: number;
  readonly runs: readonly RunWork[];
}

export interface RunWork {
  readonly version: number;
  readonly transitions: number;
  /** Without the functions of traffic. */
  readonly invocations: number;
  /** Of the functions that answer and watch predictions. */
  readonly trafficInvocations: number;
}

/** These run once for each request or batch of predictions, however many trainings there are. */
const trafficFunctions: readonly string[] = ['serve-predictions', 'watch-predictions'];

const trained = z.object({ trainingSeconds: z.number().nonnegative() });
const traffic = z.object({ requests: z.int(), failed: z.int() });
const counted = z.object({
  runs: z.array(
    z.object({
      version: z.int().positive(),
      stateTransitions: z.object({ training: z.int(), rollout: z.int() }),
      invocations: z.record(z.string(), z.int()),
    }),
  ),
});

/** @throws naming the step that the story lacks */
export function figuresOf({ steps }: ToldStory): LoopFigures {
  return {
    steps: steps.map(({ name, seconds }) => ({ name, seconds })),
    deployed: stepOf(steps, 'cloud up, deployed').seconds,
    uploadToVersion1: span(steps, 'uploaded', 'predicted'),
    training1: trained.parse(stepOf(steps, 'trained').observed).trainingSeconds,
    shiftToVersion2: span(steps, 'drift detected', 'same address'),
    detectionToVersion2: span(steps, 'policy: drift', 'same address'),
    ...requestsOf(traffic.parse(stepOf(steps, 'no request failed').observed)),
    runs: counted.parse(stepOf(steps, 'counted').observed).runs.map(workOf),
  };
}

const requestsOf = ({ requests, failed }: z.infer<typeof traffic>) => ({ requests, failedRequests: failed });

function workOf({
  version,
  stateTransitions,
  invocations,
}: z.infer<typeof counted>['runs'][number]): RunWork {
  const sum = (ofTraffic: boolean): number =>
    Object.entries(invocations)
      .filter(([name]) => trafficFunctions.includes(name) === ofTraffic)
      .reduce((total, [, count]) => total + count, 0);
  return {
    version,
    transitions: stateTransitions.training + stateTransitions.rollout,
    invocations: sum(false),
    trafficInvocations: sum(true),
  };
}

function stepOf(steps: readonly ToldStep[], name: string): ToldStep {
  const found = steps.find((step) => step.name === name);
  if (found) return found;
  throw new Error(`the story has no step '${name}', only: ${steps.map((step) => step.name).join(', ')}`);
}

/** Seconds from the beginning of the first step of one name to the end of the first of another. */
function span(steps: readonly ToldStep[], first: string, last: string): number {
  const from = steps.indexOf(stepOf(steps, first));
  const to = steps.indexOf(stepOf(steps, last));
  if (to < from) throw new Error(`step '${last}' was told before '${first}': nothing lies between them`);
  return steps.slice(from, to + 1).reduce((sum, { seconds }) => sum + seconds, 0);
}
