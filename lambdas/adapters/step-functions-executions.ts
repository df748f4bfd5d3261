import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { DescribeExecutionCommandOutput, SFNClient } from '@aws-sdk/client-sfn';
import type { ExecutionDescription, ExecutionReader, Executions } from '../domain/ports/executions.ts';

/** Starts executions of one standard state machine, whose names are unique for 90 days. */
export class StepFunctionsExecutions implements Executions {
  readonly #client: SFNClient;
  readonly #machineArn: string;

  constructor(client: SFNClient, machineArn: string) {
    this.#client = client;
    this.#machineArn = machineArn;
  }

  async start(name: string, input: unknown): Promise<string> {
    try {
      const { executionArn } = await this.#client.send(
        new StartExecutionCommand({ stateMachineArn: this.#machineArn, name, input: JSON.stringify(input) }),
      );
      return executionArn ?? this.#arnOf(name);
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return this.#arnOf(name);
      throw error;
    }
  }

  #arnOf(name: string): string {
    return `${this.#machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}

export class StepFunctionsExecutionReader implements ExecutionReader {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async describe(executionArn: string): Promise<ExecutionDescription | undefined> {
    const execution = await this.#find(executionArn);
    if (!execution) return undefined;
    if (!execution.status || !execution.input) {
      throw new Error(`Step Functions described ${executionArn} without its status or its input`);
    }
    return {
      executionArn,
      status: execution.status,
      input: execution.input,
      // An emulator gives one to a failed execution, too.
      output: execution.status === 'SUCCEEDED' ? execution.output : undefined,
      error: execution.error,
      cause: execution.cause,
    };
  }

  async #find(executionArn: string): Promise<DescribeExecutionCommandOutput | undefined> {
    try {
      return await this.#client.send(new DescribeExecutionCommand({ executionArn }));
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  }
}
