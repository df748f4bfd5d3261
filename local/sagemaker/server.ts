import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { OperationContext } from './context.ts';
import { messageOf, ServiceError } from './errors.ts';
import type { Log } from './log.ts';
import { operations } from './operations/index.ts';

const TARGET_PREFIX = 'SageMaker.';
/** Larger than any request that the API model allows. */
const LARGEST_BODY = 8 * 1024 * 1024;

/** The SageMaker JSON 1.1 protocol over HTTP. */
export function createSageMakerServer(context: OperationContext, log: Log): Server {
  return createServer((request, response) => {
    answer(context, request, response, log).catch((error: unknown) => {
      log({ level: 'error', message: 'A connection failed', error: messageOf(error) });
      response.destroy();
    });
  });
}

async function answer(
  context: OperationContext,
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): Promise<void> {
  const requestId = randomUUID();
  try {
    refuseForeignHost(request.headers.host);
    const action = actionOf(request);
    const operation = operations.get(action);
    if (operation === undefined) throw unknownOperation(action);
    const body = parseBody(await readBody(request));
    send(response, requestId, 200, operation(context, body));
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      log({
        level: 'error',
        message: 'A request failed inside the server',
        requestId,
        error: messageOf(error),
      });
    }
    const failure =
      error instanceof ServiceError ? error : new ServiceError('InternalFailure', messageOf(error), 500);
    response.setHeader('x-amzn-errortype', failure.code);
    send(response, requestId, failure.httpStatus, { __type: failure.code, Message: failure.message });
  }
}

function send(
  response: ServerResponse,
  requestId: string,
  status: number,
  body: Record<string, unknown>,
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': requestId,
  });
  response.end(text);
}

/** A web page can make a browser send requests here under a name of its own; the commands of jobs must be out of its reach. */
function refuseForeignHost(host: string | undefined): void {
  const name = (host ?? '').replace(/:\d+$/, '');
  if (/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name)) return;
  throw new ServiceError(
    'AccessDeniedException',
    `Requests for the host '${host ?? ''}' are not served here`,
    403,
  );
}

function actionOf(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  if (request.method !== 'POST' || typeof target !== 'string' || !target.startsWith(TARGET_PREFIX)) {
    return typeof target === 'string' ? target : `${request.method ?? ''} ${request.url ?? ''}`;
  }
  return target.slice(TARGET_PREFIX.length);
}

function unknownOperation(action: string): ServiceError {
  const served = [...operations.keys()].join(', ');
  return new ServiceError(
    'UnknownOperationException',
    `The local SageMaker does not serve '${action}'. It serves: ${served}.`,
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new Error('The request stream has an encoding set');
    size += chunk.length;
    if (size > LARGEST_BODY) {
      throw new ServiceError('RequestEntityTooLarge', `A request has at most ${LARGEST_BODY} bytes`, 413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text === '' ? '{}' : text);
    return body;
  } catch (error) {
    throw new ServiceError('SerializationException', `The request body is not JSON: ${messageOf(error)}`);
  }
}
