import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ServingRequest } from '../../domain/serving/http-message.ts';
import { servePredictionsOver } from '../../domain/serving/serve.ts';
import type { ServingWorld } from '../../domain/serving/serving-world.ts';

/** Predictions through an API Gateway HTTP API, payload format 2.0. */
export function servePredictions(world: ServingWorld) {
  const serve = servePredictionsOver(world);
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { status, headers, body } = await serve(requestOf(event));
    return { statusCode: status, headers: { ...headers }, body };
  };
}

function requestOf({
  rawPath,
  headers,
  body,
  isBase64Encoded,
  requestContext,
}: APIGatewayProxyEventV2): ServingRequest {
  return {
    method: requestContext.http.method,
    path: withoutStage(rawPath, requestContext.stage),
    headers,
    body: body !== undefined && isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}

/** A named stage stands in front of the path, `$default` does not. */
function withoutStage(path: string, stage: string): string {
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
}
