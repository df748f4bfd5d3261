import type {
  ExecutionDescription,
  ExecutionReader,
  Executions,
  TaskTokens,
} from '../../lambdas/domain/ports/executions.ts';

export const executionArn = (name: string): string =>
  `arn:aws:states:eu-central-1:000000000000:execution:training:${name}`;

/** A state machine that runs nothing: a test says how each execution ends. */
export class InMemoryExecutions implements Executions, ExecutionReader {
  readonly #executions = new Map<string, ExecutionDescription>();

  async start(name: string, input: unknown): Promise<string> {
    const arn = executionArn(name);
    if (!this.#executions.has(arn)) this.end(name, 'RUNNING', { input: JSON.stringify(input) });
    return arn;
  }

  async describe(arn: string): Promise<ExecutionDescription | undefined> {
    return this.#executions.get(arn);
  }

  end(name: string, status: string, members: Partial<ExecutionDescription> = {}): void {
    const arn = executionArn(name);
    const before = this.#executions.get(arn);
    this.#executions.set(arn, {
      executionArn: arn,
      input: before?.input ?? '{}',
      output: undefined,
      error: undefined,
      cause: undefined,
      ...members,
      status,
    });
  }

  names(): string[] {
    return [...this.#executions.keys()].map((arn) => arn.slice(arn.lastIndexOf(':') + 1));
  }
}

/** Tokens that states wait for, each answered once at most. */
export class InMemoryTaskTokens implements TaskTokens {
  readonly answers: { token: string; output?: unknown; error?: string; cause?: string }[] = [];
  readonly #waiting: Set<string>;

  constructor(...waiting: string[]) {
    this.#waiting = new Set(waiting);
  }

  async succeed(token: string, output: unknown): Promise<boolean> {
    if (!this.#waiting.delete(token)) return false;
    this.answers.push({ token, output });
    return true;
  }

  async fail(token: string, error: string, cause: string): Promise<boolean> {
    if (!this.#waiting.delete(token)) return false;
    this.answers.push({ token, error, cause });
    return true;
  }
}
