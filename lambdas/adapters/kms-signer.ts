import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { GetPublicKeyCommand, SignCommand, type KMSClient } from '@aws-sdk/client-kms';
import { signedModelPayloadType, type DsseEnvelope, type SignedModel } from '../contracts/signature.ts';
import { PermanentError } from '../domain/errors.ts';
import type { ModelSigner } from '../domain/ports/model-signer.ts';
import { preAuthenticationEncoding, signedModelPayload } from '../domain/signing/dsse.ts';

/** Signs with a KMS key of spec ECC_NIST_P256, and fetches its public half for those who verify without KMS. */
export class KmsSigner implements ModelSigner {
  readonly #client: KMSClient;
  readonly #keyId: string;
  #publicKey: Promise<KeyObject> | undefined;

  /** @param keyId id, ARN or alias */
  constructor(client: KMSClient, keyId: string) {
    this.#client = client;
    this.#keyId = keyId;
  }

  async sign(model: SignedModel): Promise<DsseEnvelope> {
    const payload = signedModelPayload(model);
    const encoded = preAuthenticationEncoding(signedModelPayloadType, payload);
    const { Signature, KeyId } = await this.#client.send(
      new SignCommand({
        KeyId: this.#keyId,
        // The digest rather than the message: KMS takes messages of at most 4096 bytes.
        MessageType: 'DIGEST',
        Message: createHash('sha256').update(encoded).digest(),
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
    );
    if (!Signature) throw new Error(`KMS answered without a signature for key '${this.#keyId}'`);
    const sig = Buffer.from(Signature).toString('base64');
    return {
      payloadType: signedModelPayloadType,
      payload: payload.toString('base64'),
      signatures: [{ ...(KeyId === undefined ? {} : { keyid: KeyId }), sig }],
    };
  }

  /** The public key, fetched once. A failed fetch is not remembered. */
  publicKey(): Promise<KeyObject> {
    this.#publicKey ??= this.#fetchPublicKey().catch((error: unknown) => {
      this.#publicKey = undefined;
      throw error;
    });
    return this.#publicKey;
  }

  async #fetchPublicKey(): Promise<KeyObject> {
    const { PublicKey } = await this.#client.send(new GetPublicKeyCommand({ KeyId: this.#keyId }));
    if (!PublicKey) throw new Error(`KMS answered without a public key for '${this.#keyId}'`);
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
      throw new PermanentError(
        `key '${this.#keyId}' is ${key.asymmetricKeyType ?? 'unknown'} ${key.asymmetricKeyDetails?.namedCurve ?? ''}: ` +
          'expected a KMS key of spec ECC_NIST_P256 for signing',
      );
    }
    return key;
  }
}
