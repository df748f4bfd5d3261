/** Where an execution of a state machine stands. */
export interface ExecutionDescription {
  readonly executionArn: string;
  readonly status: string;
  /** JSON. */
  readonly input: string;
  /** JSON; only of an execution that succeeded. */
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

/** Executions of one state machine. */
export interface Executions {
  /**
   * Starts an execution, unless one of that name was started before.
   * @returns the execution's ARN, in either case
   */
  start(name: string, input: unknown): Promise<string>;
}

export interface ExecutionReader {
  /**
   * @returns undefined for one that is not known: never started, deleted with its machine, or over for more than 90
   *   days. What was started a moment ago may not be known yet
   */
  describe(executionArn: string): Promise<ExecutionDescription | undefined>;
}

/** Answers states that wait for a task token. */
export interface TaskTokens {
  /** @returns false when nobody waits for this token any more */
  succeed(token: string, output: unknown): Promise<boolean>;
  fail(token: string, error: string, cause: string): Promise<boolean>;
}
