import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterResponse, type AfterResponseOptions } from '../../../lambdas/runtime/after-response.ts';

/** Lambda's Extensions API, and the order in which things happen. */
class ExtensionsApi {
  readonly log: string[] = [];
  registration: { name: string | undefined; body: string } | undefined;
  registerStatus = 200;
  broken = false;
  #waiting: ServerResponse | undefined;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `127.0.0.1:${address.port}`;
  }

  /** Whether the extension is waiting for the next event, so that Lambda would freeze the function. */
  get idle(): boolean {
    return this.#waiting !== undefined;
  }

  invoke(requestId: string, deadlineMs = Date.now() + 5000): void {
    const waiting = this.#waiting;
    if (!waiting) throw new Error('the extension does not wait: Lambda would not invoke');
    this.#waiting = undefined;
    waiting.end(JSON.stringify({ eventType: 'INVOKE', requestId, deadlineMs, invokedFunctionArn: 'arn' }));
  }

  fail(): void {
    this.#waiting?.writeHead(500).end('broken');
    this.#waiting = undefined;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    if (request.method === 'POST' && request.url === '/2020-01-01/extension/register') {
      const name = request.headers['lambda-extension-name'];
      this.registration = { name: String(name), body: Buffer.concat(chunks).toString() };
      response.writeHead(this.registerStatus, { 'lambda-extension-identifier': 'id-1' }).end('{}');
      return;
    }
    expect([request.method, request.url]).toEqual(['GET', '/2020-01-01/extension/event/next']);
    expect(request.headers['lambda-extension-identifier']).toBe('id-1');
    this.log.push('next');
    this.#waiting = response;
    if (this.broken) this.fail();
  }
}

let api: ExtensionsApi;
let address: string;
let warnings: string[];

beforeEach(async () => {
  [api, warnings] = [new ExtensionsApi(), []];
  address = await api.start();
});

afterEach(() => api.stop());

/** Bound to this test's own log: the loop of an earlier test outlives it for a moment. */
function options(changes: Partial<AfterResponseOptions> = {}): AfterResponseOptions {
  const [{ log }, own] = [api, warnings];
  return {
    work: async () => {
      log.push('work begins');
      await sleep(20);
      log.push('work ends');
    },
    warn: (message) => own.push(message),
    runtimeApi: address,
    ...changes,
  };
}

const handler = async (): Promise<string> => {
  api.log.push('answer');
  return 'answer';
};
const context = (awsRequestId: string) => ({ awsRequestId });

describe('work after the answer, on Lambda', () => {
  it('registers for invocations before the function serves', async () => {
    await afterResponse(options());
    expect(api.registration).toEqual({ name: 'millrace-after-response', body: '{"events":["INVOKE"]}' });
    await vi.waitFor(() => expect(api.idle).toBe(true));
  });

  it('is done between the answer and the call for the next event, whoever hears of the request first', async () => {
    const wrapped = (await afterResponse(options()))(handler);
    await vi.waitFor(() => expect(api.idle).toBe(true));
    api.invoke('first');
    await sleep(20);
    expect(await wrapped({}, context('first'))).toBe('answer');
    await vi.waitFor(() => expect(api.idle).toBe(true));
    expect(await wrapped({}, context('second'))).toBe('answer');
    api.invoke('second');
    await vi.waitFor(() => expect(api.log.filter((what) => what === 'next')).toHaveLength(3));
    const round = ['answer', 'work begins', 'work ends', 'next'];
    expect(api.log).toEqual(['next', ...round, ...round]);
  });

  it('does not make the answer wait', async () => {
    const stuck = Promise.withResolvers<void>();
    const wrapped = (await afterResponse(options({ work: () => stuck.promise })))(handler);
    await vi.waitFor(() => expect(api.idle).toBe(true));
    api.invoke('first');
    expect(await wrapped({}, context('first'))).toBe('answer');
    await sleep(30);
    expect(api.idle).toBe(false);
    stuck.resolve();
    await vi.waitFor(() => expect(api.idle).toBe(true));
  });

  it('is done when the handler threw', async () => {
    const wrapped = (await afterResponse(options()))(async () => {
      throw new Error('broken');
    });
    await vi.waitFor(() => expect(api.idle).toBe(true));
    api.invoke('first');
    await expect(wrapped({}, context('first'))).rejects.toThrow('broken');
    await vi.waitFor(() => expect(api.log).toEqual(['next', 'work begins', 'work ends', 'next']));
  });

  it('is done at the deadline when the handler never answered', async () => {
    await afterResponse(options());
    await vi.waitFor(() => expect(api.idle).toBe(true));
    api.invoke('first', Date.now() + 30);
    await vi.waitFor(() => expect(api.log).toEqual(['next', 'work begins', 'work ends', 'next']));
  });

  it('asks again when the API failed once', async () => {
    await afterResponse(options());
    await vi.waitFor(() => expect(api.idle).toBe(true));
    api.fail();
    await vi.waitFor(() => expect(warnings).toHaveLength(1));
    await vi.waitFor(() => expect(api.idle).toBe(true));
  });

  it('goes on in the background when the API is gone', async () => {
    const wrapped = (await afterResponse(options()))(handler);
    await vi.waitFor(() => expect(api.idle).toBe(true));
    api.broken = true;
    api.fail();
    await vi.waitFor(() => expect(warnings.at(-1)).toMatch(/given up/), { timeout: 3000 });
    api.log.length = 0;
    await wrapped({}, context('first'));
    await vi.waitFor(() => expect(api.log.at(-1)).toBe('work ends'));
  });
});

describe('work after the answer, elsewhere', () => {
  it('is gathered and done in the background', async () => {
    const wrapped = (await afterResponse(options({ runtimeApi: undefined })))(handler);
    await Promise.all([wrapped({}, context('a')), wrapped({}, context('b'))]);
    expect(api.log).toEqual(['answer', 'answer']);
    await vi.waitFor(() => expect(api.log).toEqual(['answer', 'answer', 'work begins', 'work ends']));
    await wrapped({}, context('c'));
    await vi.waitFor(() => expect(api.log.filter((what) => what === 'work ends')).toHaveLength(2));
  });

  it('is so, with a warning, where no extension can be registered', async () => {
    api.registerStatus = 403;
    const wrapped = (await afterResponse(options()))(handler);
    expect(warnings).toHaveLength(1);
    await wrapped({}, context('a'));
    await vi.waitFor(() => expect(api.log).toEqual(['answer', 'work begins', 'work ends']));
  });
});
