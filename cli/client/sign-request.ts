import { LambdaClient } from '@aws-sdk/client-lambda';

/**
 * Headers that sign a JSON POST for an HTTP API with IAM authorisation (Signature Version 4, service `execute-api`),
 * with the ambient credentials. The signer is the SDK's own, as each of its clients carries one.
 * @param region the ambient one when absent
 */
export async function signRequest(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  region: string | undefined,
): Promise<Record<string, string>> {
  const client = new LambdaClient(region === undefined ? {} : { region });
  try {
    const signer = await client.config.signer({
      name: 'sigv4',
      signingName: 'execute-api',
      signingRegion: await client.config.region(),
      properties: {},
    });
    const signed = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host, 'content-type': 'application/json' },
      body,
    });
    return signed.headers;
  } finally {
    client.destroy();
  }
}
