import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../../..');

/** One answer, as it came over the wire. */
export interface Exchange {
  readonly action: string;
  readonly status: number;
  readonly body: string;
}

export interface Recorder {
  readonly url: string;
  readonly exchanges: Exchange[];
  stop(): Promise<void>;
}

/** A relay before the server that keeps every answer. `target` is asked for each request, as a restart changes it. */
export async function startRecorder(target: () => string): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    const relay = async (): Promise<void> => {
      const action = String(request.headers['x-amz-target']).replace('SageMaker.', '');
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
      const answer = await fetch(target(), {
        method: 'POST',
        headers: { 'x-amz-target': String(request.headers['x-amz-target']) },
        body: Buffer.concat(chunks),
      });
      const body = await answer.text();
      exchanges.push({ action, status: answer.status, body });
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? '',
        'x-amzn-requestid': answer.headers.get('x-amzn-requestid') ?? '',
      });
      response.end(body);
    };
    relay().catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The recorder has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    exchanges,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The API model's objections to the answers. Rejects when the check itself cannot run. */
export async function violationsOf(exchanges: readonly Exchange[]): Promise<string[]> {
  const output = await new Promise<string>((resolveOutput, reject) => {
    const script = resolve(import.meta.dirname, '../validate_responses.py');
    const child = execFile(
      resolve(root, '.venv/bin/python'),
      [script],
      { maxBuffer: 2 ** 26 },
      (error, stdout) => {
        if (error === null) resolveOutput(stdout);
        else reject(new Error('the validator failed', { cause: error }));
      },
    );
    child.stdin?.end(JSON.stringify(exchanges));
  });
  return z.array(z.string()).parse(JSON.parse(output));
}
