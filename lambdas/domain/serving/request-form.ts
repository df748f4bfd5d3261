import type { ModelManifest } from '../../contracts/model-manifest.ts';
import type { Feature } from '../../contracts/project-definition.ts';
import type { ModelOutput } from '../ports/served-models.ts';
import type { JsonObject } from './json-body.ts';
import type { RowsAsked } from './read-rows.ts';
import type { Refusal } from './refusal.ts';

/** Names the answer: which model, which version, which request. */
export interface AnswerNames {
  readonly project: string;
  readonly version: number;
  readonly inferenceId: string;
}

/** One way to ask and to be answered. */
export interface RequestForm {
  read(
    body: JsonObject,
    manifest: ModelManifest,
    schema: Readonly<Record<string, Feature>>,
  ): RowsAsked | Refusal;
  /** The answer's body. `body` is one that `read` took. */
  render(output: ModelOutput, manifest: ModelManifest, body: JsonObject, names: AnswerNames): object;
}
