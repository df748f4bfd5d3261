import { expect, it } from 'vitest';
import { transitionsOf } from '../../../local/story/state-transitions.ts';

const lambdaTask = [
  'TaskStateEntered',
  'LambdaFunctionScheduled',
  'LambdaFunctionSucceeded',
  'TaskStateExited',
];

it('each state entered is one transition', () => {
  const history = ['ExecutionStarted', ...lambdaTask, 'ChoiceStateEntered', 'ChoiceStateExited'];
  expect(transitionsOf([...history, 'SucceedStateEntered', 'ExecutionSucceeded'])).toBe(3);
});

it('each further try of a task is one more', () => {
  const tries = ['LambdaFunctionScheduled', 'LambdaFunctionFailed', 'LambdaFunctionScheduled'];
  expect(transitionsOf(['TaskStateEntered', ...tries, 'LambdaFunctionSucceeded', 'TaskStateExited'])).toBe(2);
});

it('a service integration counts like a function', () => {
  expect(transitionsOf(['TaskStateEntered', 'TaskScheduled', 'TaskSubmitted', 'TaskSucceeded'])).toBe(1);
});

it('a task that was entered and not yet scheduled takes nothing away', () => {
  expect(transitionsOf([...lambdaTask, 'TaskStateEntered'])).toBe(2);
});
