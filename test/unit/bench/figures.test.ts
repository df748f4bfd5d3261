import { expect, it } from 'vitest';
import { figuresOf } from '../../../bench/loop/figures.ts';
import { tell } from './told.ts';

it('the loop’s figures are spans of the story’s steps', () => {
  expect(figuresOf(tell({ validated: 2 }))).toMatchObject({
    deployed: 20,
    uploadToVersion1: 8,
    training1: 4,
    shiftToVersion2: 12,
    detectionToVersion2: 8,
    requests: 100,
    failedRequests: 0,
  });
});

it('the functions of traffic are counted apart from a run’s own', () => {
  expect(figuresOf(tell()).runs).toEqual([
    { version: 1, transitions: 8, invocations: 1, trafficInvocations: 120 },
  ]);
});

it('a story without a step is refused by the step’s name', () => {
  const { ok, steps } = tell();
  const shorter = { ok, steps: steps.filter(({ name }) => name !== 'same address') };
  expect(() => figuresOf(shorter)).toThrow("no step 'same address'");
});
