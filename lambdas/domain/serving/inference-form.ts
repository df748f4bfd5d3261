import type { InferAnswer } from '../../contracts/open-inference.ts';
import { describeValue, listNames } from './describe-value.ts';
import { isJsonObject, type JsonObject } from './json-body.ts';
import { maximumIdLength } from './limits.ts';
import { outputTensors } from './model-output.ts';
import { readTensors } from './read-tensors.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { RequestForm } from './request-form.ts';

/** The Open Inference Protocol v2. `parameters` are taken and, as the protocol allows, ignored. */
export const inferenceForm: RequestForm = {
  read(body, manifest, schema) {
    const refused =
      idProblem(body) ??
      outputsProblem(
        body,
        manifest.outputs.map(({ name }) => name),
      );
    return refused ?? readTensors(body, manifest.inputs, schema);
  },
  render(output, manifest, { json }, { project, version, inferenceId }): InferAnswer {
    const wanted = wantedOutputs(json);
    return {
      model_name: project,
      model_version: String(version),
      id: typeof json['id'] === 'string' ? json['id'] : inferenceId,
      parameters: { inference_id: inferenceId },
      outputs: outputTensors(output, manifest.classes).filter(({ name }) => wanted?.includes(name) ?? true),
    };
  },
};

function idProblem({ json }: JsonObject): Refusal | undefined {
  const id = json['id'];
  if (id === undefined || (typeof id === 'string' && id.length <= maximumIdLength)) return undefined;
  return refuse(`'id' is ${describeValue(id)}, expected a text of at most ${maximumIdLength} characters`);
}

function outputsProblem({ json }: JsonObject, known: readonly string[]): Refusal | undefined {
  const outputs = json['outputs'];
  if (outputs === undefined) return undefined;
  const wanted = wantedOutputs(json);
  if (!Array.isArray(outputs) || !wanted || wanted.length !== outputs.length) {
    return refuse(`'outputs' is ${describeValue(outputs)}, expected a list of objects with a name`);
  }
  if (wanted.length === 0)
    return refuse(`'outputs' is empty: leave it out for all, or name some of ${listNames(known)}`);
  const strangers = wanted.filter((name) => !known.includes(name));
  return strangers.length > 0
    ? refuse(`the model has no output ${listNames(strangers)}: it gives ${listNames(known)}`)
    : undefined;
}

function wantedOutputs(json: JsonObject['json']): string[] | undefined {
  const outputs = json['outputs'];
  if (!Array.isArray(outputs)) return undefined;
  return outputs
    .map((output: unknown) => (isJsonObject(output) ? output['name'] : undefined))
    .filter((name) => typeof name === 'string');
}
