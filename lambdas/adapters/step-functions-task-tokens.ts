import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { PermanentError } from '../domain/errors.ts';
import type { TaskTokens } from '../domain/ports/executions.ts';

/** Step Functions keeps at most this many characters of a failure's cause. */
const longestCause = 32_768;

export class StepFunctionsTaskTokens implements TaskTokens {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  succeed(token: string, output: unknown): Promise<boolean> {
    return waited(() =>
      this.#client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) })),
    );
  }

  fail(token: string, error: string, cause: string): Promise<boolean> {
    return waited(() =>
      this.#client.send(
        new SendTaskFailureCommand({ taskToken: token, error, cause: cause.slice(0, longestCause) }),
      ),
    );
  }
}

async function waited(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist) return false;
    if (error instanceof InvalidToken) {
      throw new PermanentError(`Step Functions does not know the stored task token: ${error.message}`);
    }
    throw error;
  }
}
