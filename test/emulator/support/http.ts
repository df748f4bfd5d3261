import { request } from 'node:http';
import type { z } from 'zod';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks the API as any HTTP client would. Its name is a loopback one that the system need not resolve. */
export class Api {
  readonly #url: URL;

  constructor(apiUrl: string) {
    this.#url = new URL(apiUrl);
  }

  async get(path: string): Promise<HttpAnswer> {
    return this.#send('GET', path, undefined);
  }

  /** @param body sent as it is when it is text or bytes, else as JSON */
  async post(path: string, body: unknown): Promise<HttpAnswer> {
    const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    return this.#send('POST', path, raw);
  }

  #send(method: string, path: string, body: string | Uint8Array | undefined): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#url.port,
          method,
          path,
          headers: { host: this.#url.host, 'content-type': 'application/json' },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const { statusCode = 0, headers } = response;
            resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString('utf8') });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** The body of an answer, held to a contract. */
export function bodyOf<Schema extends z.ZodType>({ body }: HttpAnswer, schema: Schema): z.infer<Schema> {
  return schema.parse(JSON.parse(body));
}
