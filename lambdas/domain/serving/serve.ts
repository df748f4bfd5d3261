import { listNames } from './describe-value.ts';
import { errorAnswer, jsonAnswer, type ServingAnswer, type ServingRequest } from './http-message.ts';
import { inferenceForm } from './inference-form.ts';
import { ModelAnswers } from './model-answers.ts';
import { modelMetadataAnswer, serverMetadata } from './metadata.ts';
import { plainForm } from './plain-form.ts';
import { findRoute, type ModelRoute } from './routes.ts';
import type { ServingWorld } from './serving-world.ts';

/**
 * Predictions over HTTP, whatever server stands in front: the Open Inference Protocol v2 and a plain form by rows.
 * Never throws: what goes wrong is reported, and the caller is told in one sentence.
 */
export function servePredictionsOver(
  world: ServingWorld,
): (request: ServingRequest) => Promise<ServingAnswer> {
  const answers = new ModelAnswers(world);
  return async (request) => {
    try {
      return await route(request, world, answers);
    } catch (error) {
      world.report('a request failed', { error, method: request.method, path: request.path });
      return errorAnswer(
        500,
        'something failed that is not the request: try again, or ask the operators to read the log',
      );
    }
  };
}

async function route(
  request: ServingRequest,
  world: ServingWorld,
  answers: ModelAnswers,
): Promise<ServingAnswer> {
  const found = findRoute(request.method, request.path);
  switch (found.kind) {
    case 'unknown':
      return errorAnswer(
        404,
        'there is no such path: expected POST /v2/models/{model}/infer or POST /models/{model}/predict',
      );
    case 'wrong-method':
      return errorAnswer(405, `this path takes ${found.allowed}, not ${request.method}`, {
        allow: found.allowed,
      });
    case 'server-metadata':
      return jsonAnswer(200, serverMetadata);
    case 'live':
      return jsonAnswer(200, { live: true });
    case 'ready':
      return serverReady(world);
    default:
      return Object.hasOwn(world.projects, found.model)
        ? modelRoute(found, request, answers)
        : errorAnswer(
            404,
            `there is no model ${listNames([found.model])}: known are ${listNames(Object.keys(world.projects))}`,
          );
  }
}

function modelRoute(
  found: ModelRoute,
  request: ServingRequest,
  answers: ModelAnswers,
): Promise<ServingAnswer> {
  const { kind, model, version } = found;
  switch (kind) {
    case 'infer':
      return answers.predict(model, version, request, inferenceForm);
    case 'predict':
      return answers.predict(model, version, request, plainForm);
    case 'metadata':
      return answers.describe(model, version, modelMetadataAnswer);
    case 'model-ready':
      return answers.describe(model, version, () => ({ name: model, ready: true }));
  }
}

/** Ready means that the routing of every project can be read. A project without a model yet is none the worse. */
async function serverReady({ projects, routing, report }: ServingWorld): Promise<ServingAnswer> {
  try {
    await Promise.all(Object.keys(projects).map(routing));
    return jsonAnswer(200, { ready: true });
  } catch (error) {
    report('not ready: the routing table cannot be read', { error });
    return jsonAnswer(503, { ready: false });
  }
}
