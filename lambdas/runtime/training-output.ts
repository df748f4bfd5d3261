import { trainingOutput } from '../contracts/training-steps.ts';
import type { EvaluationResult, RegistrationResult } from '../contracts/training-steps.ts';
import { parseJsonAs } from './parse.ts';

/** What an execution of the training machine gave. @throws PermanentError when it does not fit its contract */
export function readTrainingOutput(json: string): RegistrationResult | EvaluationResult {
  return parseJsonAs(trainingOutput, json, "the training machine's output");
}
