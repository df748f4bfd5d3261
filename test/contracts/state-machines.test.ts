import { randomUUID } from 'node:crypto';
import {
  StepFunctionsExecutionReader,
  StepFunctionsExecutions,
} from '../../lambdas/adapters/step-functions-executions.ts';
import { StepFunctionsTaskTokens } from '../../lambdas/adapters/step-functions-task-tokens.ts';
import { InMemoryExecutions, InMemoryTaskTokens } from '../builders/in-memory-executions.ts';
import { executionsContract } from './executions.contract.ts';
import { emulator } from './support/cloud.ts';
import { WaitingMachine } from './support/state-machine.ts';
import { taskTokensContract } from './task-tokens.contract.ts';

const config = emulator();

executionsContract('in memory', async () => {
  const executions = new InMemoryExecutions();
  return {
    executions,
    reader: executions,
    end: async (arn, how) => {
      const name = arn.slice(arn.lastIndexOf(':') + 1);
      if (how === 'succeed') executions.end(name, 'SUCCEEDED', { output: '{"done":true}' });
      else executions.end(name, 'FAILED', { error: 'Refused', cause: 'not today' });
    },
  };
});

executionsContract('Step Functions', async () => {
  const machine = await WaitingMachine.create(config(), `executions-${randomUUID()}`);
  const tasks = new StepFunctionsTaskTokens(machine.client);
  return {
    executions: new StepFunctionsExecutions(machine.client, machine.arn),
    reader: new StepFunctionsExecutionReader(machine.client),
    end: async (arn, how) => {
      const token = await machine.nextToken();
      await (how === 'succeed'
        ? tasks.succeed(token, { done: true })
        : tasks.fail(token, 'Refused', 'not today'));
      await machine.ended(arn);
    },
  };
});

taskTokensContract('in memory', async () => {
  const names = ['token-1', 'token-2'];
  const tasks = new InMemoryTaskTokens(...names);
  return {
    tasks,
    waiting: async () => names.shift() ?? '',
    told: async (wanted) => {
      const { token: _token, ...answer } = tasks.answers.find(({ token }) => token === wanted) ?? {};
      return answer;
    },
  };
});

taskTokensContract('Step Functions', async () => {
  const machine = await WaitingMachine.create(config(), `tokens-${randomUUID()}`);
  const executions = new StepFunctionsExecutions(machine.client, machine.arn);
  const byToken = new Map<string, string>();
  return {
    tasks: new StepFunctionsTaskTokens(machine.client),
    waiting: async () => {
      const arn = await executions.start(randomUUID(), {});
      const token = await machine.nextToken();
      byToken.set(token, arn);
      return token;
    },
    told: async (token) => {
      const { status, output = '', error, cause } = await machine.ended(byToken.get(token) ?? '');
      return status === 'SUCCEEDED' ? { output: JSON.parse(output) as unknown } : { error, cause };
    },
  };
});
