import { InvokeCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { rollBackAnswer, rollBackCommand } from '../../lambdas/contracts/rollout-steps.ts';
import type { RollBackAnswer, RollBackCommand } from '../../lambdas/contracts/rollout-steps.ts';
import type { Connection } from './connection.ts';
import { requireProject } from './connection.ts';
import { MillraceError } from './millrace-error.ts';

const functionFailure = z.object({ errorMessage: z.string() });

/** Taking a version out of the traffic, by a person's word. */
export function rollbacks(connection: Connection) {
  const { clients, outputs } = connection;

  return {
    /**
     * Waits for the answer; that nothing was rolled back is an answer, too.
     * @throws MillraceError when the project is unknown or the function fails
     */
    async rollBack(command: RollBackCommand): Promise<RollBackAnswer> {
      requireProject(connection, command.project);
      const { FunctionError, Payload } = await clients.lambda.send(
        new InvokeCommand({
          FunctionName: outputs.serving.RollBackFunctionName,
          InvocationType: 'RequestResponse',
          Payload: Buffer.from(JSON.stringify(rollBackCommand.parse(command))),
        }),
      );
      const text = Buffer.from(Payload ?? []).toString('utf8');
      if (FunctionError !== undefined) {
        throw new MillraceError(`the rollback of ${command.project} failed: ${failureOf(text)}`);
      }
      return rollBackAnswer.parse(JSON.parse(text));
    },
  };
}

function failureOf(text: string): string {
  try {
    return functionFailure.parse(JSON.parse(text)).errorMessage;
  } catch {
    return text || 'the function said nothing';
  }
}
