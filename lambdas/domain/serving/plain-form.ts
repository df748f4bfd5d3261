import type { PlainAnswer } from '../../contracts/plain-rows.ts';
import { featureSpecs } from './feature-spec.ts';
import { plainPredictions } from './model-output.ts';
import { readRows } from './read-rows.ts';
import type { RequestForm } from './request-form.ts';

/** `{"rows":[…]}` in, `{"predictions":[…]}` out. */
export const plainForm: RequestForm = {
  read(body, manifest, schema) {
    return readRows(
      body,
      manifest.inputs.flatMap((input) => featureSpecs(input, schema)),
    );
  },
  render(output, manifest, _body, { project, version, inferenceId }): PlainAnswer {
    return { model: project, version, inferenceId, predictions: plainPredictions(output, manifest) };
  },
};
