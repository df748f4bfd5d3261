import { expect, it } from 'vitest';
import { figuresOf } from '../../../bench/loop/figures.ts';
import { judgeGoals } from '../../../bench/loop/goals.ts';
import { tell, type TellOptions } from './told.ts';

const judged = (...told: TellOptions[]) => judgeGoals(told.map((options) => figuresOf(tell(options))));
const missed = (...told: TellOptions[]) =>
  judged(...told)
    .filter(({ met }) => !met)
    .map(({ measured }) => measured);

it('goals are met at their limit', () => {
  expect(missed({ deployed: 30, validated: 8 })).toEqual([]);
});

it('a goal is missed beyond its limit, and told first', () => {
  expect(judged({ validated: 8.5 }).map(({ met, measured }) => [met, measured])).toEqual([
    [false, 'training time + 10.5 s'],
    [true, '20.0 s'],
    [true, '0 of 100 failed'],
  ]);
  expect(missed({ deployed: 30.5 })).toEqual(['30.5 s']);
});

it('times are judged by their median, failures by their sum', () => {
  expect(missed({ deployed: 29 }, { deployed: 90 }, { deployed: 28 })).toEqual([]);
  expect(missed({ failed: 0 }, { failed: 1 }, { failed: 0 })).toEqual(['1 of 300 failed']);
});

it('no request shows nothing', () => {
  expect(missed({ requests: 0 })).toEqual(['0 of 0 failed']);
});
