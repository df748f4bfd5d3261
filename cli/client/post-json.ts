import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { dialHost } from './loopback.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * One POST of JSON text. `fetch` would not do: it cannot dial a loopback name that the system does not resolve.
 * @param timeoutMs of silence, after which the request is given up
 * @throws the socket's error when there is no answer
 */
export function postJson(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  timeoutMs = 60_000,
): Promise<HttpAnswer> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(
      {
        host: dialHost(url),
        // The certificate is for the name, whatever is dialled.
        servername: url.hostname,
        port: url.port,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: {
          ...headers,
          host: url.host,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
        timeout: timeoutMs,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error(`${url.host} was silent for ${timeoutMs} ms`)));
    request.on('error', reject);
    request.end(body);
  });
}
