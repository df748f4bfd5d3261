import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { KmsSigner } from '../../../lambdas/adapters/kms-signer.ts';
import { signedModelPayloadType, type SignedModel } from '../../../lambdas/contracts/signature.ts';
import {
  openEnvelope,
  preAuthenticationEncoding,
  signedModelPayload,
} from '../../../lambdas/domain/signing/dsse.ts';
import { LocalSigner } from '../../builders/local-signer.ts';

const model: SignedModel = {
  project: 'stones',
  runId: 'run-1',
  files: { 'model.onnx': 'a'.repeat(64), 'manifest.json': 'b'.repeat(64) },
};

describe('DSSE', () => {
  it("encodes the protocol's own example", () => {
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('counts bytes, not characters', () => {
    expect(preAuthenticationEncoding('ü', Buffer.from('é')).toString()).toBe('DSSEv1 2 ü 2 é');
  });

  it('gives the payload to whoever has the key, when one of the signatures is good', async () => {
    const signer = new LocalSigner();
    const envelope = await signer.sign(model);
    const stranger = (await new LocalSigner().sign(model)).signatures;
    const both = { ...envelope, signatures: [...stranger, ...envelope.signatures] };
    expect(openEnvelope(both, signedModelPayloadType, signer.publicKey)).toEqual({
      payload: signedModelPayload(model),
    });
    const one = { ...envelope, signatures: stranger };
    expect(openEnvelope(one, signedModelPayloadType, signer.publicKey)).toHaveProperty('refused');
  });

  it('refuses another payload, another type, and a signature that is none', async () => {
    const signer = new LocalSigner();
    const envelope = await signer.sign(model);
    const payload = signedModelPayload({ ...model, runId: 'run-2' }).toString('base64');
    const open = (changed: object) =>
      openEnvelope({ ...envelope, ...changed }, signedModelPayloadType, signer.publicKey);
    expect(open({})).toHaveProperty('payload');
    expect(open({ payload })).toHaveProperty('refused');
    expect(open({ payloadType: 'text/plain' })).toHaveProperty('refused');
    expect(open({ signatures: [{ sig: '' }] })).toHaveProperty('refused');
    expect(open({ signatures: [{ sig: Buffer.from('none').toString('base64') }] })).toHaveProperty('refused');
  });
});

const kmsRequest = z.object({
  KeyId: z.string(),
  Message: z.base64().optional(),
  MessageType: z.string().optional(),
});

/** Sign and GetPublicKey of KMS for one key, over HTTP. */
class KmsServer {
  readonly #server: Server;
  readonly #privateKey: string;
  readonly #publicKey: string;
  publicKeyAnswers = 0;
  failures = 0;

  constructor(namedCurve: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    this.#privateKey = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    this.#publicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (this.failures > 0) {
          this.failures -= 1;
          response
            .writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
            .end('{"__type":"AccessDeniedException","message":"not allowed"}');
          return;
        }
        const asked = kmsRequest.parse(JSON.parse(Buffer.concat(chunks).toString()));
        const answer =
          request.headers['x-amz-target'] === 'TrentService.Sign' ? this.#sign(asked) : this.#key();
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
      });
    });
  }

  async client(): Promise<KMSClient> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new KMSClient({
      endpoint: `http://127.0.0.1:${address.port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #sign({ MessageType, Message }: z.infer<typeof kmsRequest>): object {
    expect(MessageType).toBe('DIGEST');
    const digest = Buffer.from(Message ?? '', 'base64');
    // Node cannot sign a digest as such; the test knows what was digested.
    const encoded = preAuthenticationEncoding(signedModelPayloadType, signedModelPayload(model));
    expect(digest).toEqual(createHash('sha256').update(encoded).digest());
    const signature = sign('sha256', encoded, createPrivateKey(this.#privateKey));
    return { KeyId: 'arn:key', Signature: signature.toString('base64') };
  }

  #key(): object {
    this.publicKeyAnswers += 1;
    return { KeyId: 'arn:key', PublicKey: this.#publicKey };
  }
}

describe('the KMS signer', () => {
  let server: KmsServer;
  afterEach(() => server.close());

  it('signs so that its public key verifies, fetched once', async () => {
    server = new KmsServer('P-256');
    const signer = new KmsSigner(await server.client(), 'alias/models');
    const envelope = await signer.sign(model);
    expect(envelope.signatures[0]?.keyid).toBe('arn:key');
    const [key] = await Promise.all([signer.publicKey(), signer.publicKey()]);
    expect(openEnvelope(envelope, signedModelPayloadType, key)).toEqual({
      payload: signedModelPayload(model),
    });
    expect(server.publicKeyAnswers).toBe(1);
  });

  it('fetches the key again after a failure', async () => {
    server = new KmsServer('P-256');
    const signer = new KmsSigner(await server.client(), 'alias/models');
    server.failures = 1;
    await expect(signer.publicKey()).rejects.toThrow('not allowed');
    expect((await signer.publicKey()).type).toBe('public');
  });

  it('refuses a key of another curve', async () => {
    server = new KmsServer('P-384');
    const signer = new KmsSigner(await server.client(), 'alias/models');
    await expect(signer.publicKey()).rejects.toThrow(/expected a KMS key of spec ECC_NIST_P256/);
  });
});
