import { request, type IncomingMessage } from 'node:http';
import { z } from 'zod';

const invokeEvent = z.object({
  eventType: z.literal('INVOKE'),
  requestId: z.string().min(1),
  deadlineMs: z.number(),
});
export type InvokeEvent = z.infer<typeof invokeEvent>;

/** This process, registered with Lambda's Extensions API (2020-01-01) as an internal extension. */
export interface RegisteredExtension {
  /** Says that the extension is done with the last invocation, and waits for the next, however long that takes. */
  next(): Promise<InvokeEvent>;
}

/** @param api host and port, as AWS_LAMBDA_RUNTIME_API has them; to be called before the function's first invocation */
export async function registerExtension(api: string, name: string): Promise<RegisteredExtension> {
  const { headers } = await call(
    api,
    'POST',
    'register',
    { 'lambda-extension-name': name },
    '{"events":["INVOKE"]}',
  );
  const id = headers['lambda-extension-identifier'];
  if (typeof id !== 'string')
    throw new Error(`the Extensions API at ${api} registered '${name}' without an identifier`);
  return {
    async next() {
      const { body } = await call(api, 'GET', 'event/next', { 'lambda-extension-identifier': id });
      return invokeEvent.parse(JSON.parse(body));
    },
  };
}

interface Answer {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Through `node:http`, not `fetch`, which gives up on an answer after five minutes: an idle function waits longer. */
function call(
  api: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `http://${api}/2020-01-01/extension/${path}`,
      { method, headers },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (incoming.statusCode === 200) resolve({ headers: incoming.headers, body: text });
          else reject(new Error(`the Extensions API answered ${path} with ${incoming.statusCode}: ${text}`));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
