import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { KeyObject } from 'node:crypto';
import { VerifiedModels } from '../../lambdas/adapters/verified-models.ts';
import type { PredictionRecord } from '../../lambdas/contracts/prediction-record.ts';
import type { RoutingTable } from '../../lambdas/contracts/routing.ts';
import type { ServingWorld } from '../../lambdas/domain/serving/serving-world.ts';
import { servePredictions } from '../../lambdas/handlers/serve-predictions/handler.ts';
import { InMemoryObjectStore } from './in-memory-object-store.ts';
import { LocalSigner } from './local-signer.ts';
import {
  artifactBucket,
  publishModel,
  rivers,
  riversManifest,
  stones,
  stonesManifest,
} from './served-model.ts';
import type { TestGraph } from './test-graphs.ts';

/** Everything behind the serving function: real ONNX Runtime, real signatures, fakes of S3, DynamoDB and Kinesis. */
export class ServingSetup {
  readonly store = new InMemoryObjectStore();
  readonly signer = new LocalSigner();
  readonly routing = new Map<string, RoutingTable>();
  readonly captured: PredictionRecord[] = [];
  readonly reported: { message: string; details: Readonly<Record<string, unknown>> }[] = [];
  /** Milliseconds that the models' clock shows. */
  clock = 0;
  readonly models: VerifiedModels;
  readonly handle: (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;
  readonly #graphs: Record<TestGraph, Uint8Array>;
  #ids = 0;

  constructor(
    graphs: Record<TestGraph, Uint8Array>,
    changes: Partial<ServingWorld> = {},
    publicKey?: KeyObject,
  ) {
    this.#graphs = graphs;
    this.models = new VerifiedModels({
      objects: this.store,
      bucket: artifactBucket,
      publicKey: async () => publicKey ?? this.signer.publicKey,
      clock: () => this.clock,
      onDisposeFailure: (error) => {
        throw error;
      },
    });
    this.handle = servePredictions({
      projects: { stones, rivers },
      rawBucket: 'raw',
      routing: async (project) => this.routing.get(project),
      models: this.models,
      capture: (record) => this.captured.push(record),
      report: (message, details) => this.reported.push({ message, details }),
      newId: () => `inference-${++this.#ids}`,
      now: () => '2026-11-20T12:00:00.000Z',
      elapsedMs: () => performance.now(),
      ...changes,
    });
  }

  /** Publishes version 1 or 2 of `stones`. */
  publishStones(version: 1 | 2) {
    const graph = this.#graphs[`classification-${version}`];
    return publishModel(this.store, this.signer, version, graph, stonesManifest(graph, `run-${version}`));
  }

  publishRivers() {
    const graph = this.#graphs.regression;
    return publishModel(this.store, this.signer, 1, graph, riversManifest(graph, 'run-1'));
  }

  route(project: string, targets: Pick<RoutingTable, 'champion' | 'challenger' | 'previous'>): void {
    const revision = (this.routing.get(project)?.revision ?? 0) + 1;
    this.routing.set(project, { project, revision, updatedAt: '2026-11-20T12:00:00.000Z', ...targets });
  }

  /** Changes one byte of a stored file. */
  async tamper(uri: string): Promise<void> {
    const bytes = await this.store.read(uri);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    this.store.put(uri, bytes);
  }

  get(path: string) {
    return this.#ask(apiEvent('GET', path));
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}) {
    return this.#ask(apiEvent('POST', path, typeof body === 'string' ? body : JSON.stringify(body), headers));
  }

  async #ask(event: APIGatewayProxyEventV2) {
    const { statusCode, headers, body } = await this.handle(event);
    const json: unknown = JSON.parse(body ?? '');
    return { status: statusCode, headers: headers ?? {}, json };
  }
}

/** An event as an HTTP API sends it, payload format 2.0, stage `$default`. */
export function apiEvent(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request',
      routeKey: '$default',
      stage: '$default',
      time: '20/Nov/2026:12:00:00 +0000',
      timeEpoch: 0,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}
