import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  signedModelPayloadType,
  type DsseEnvelope,
  type SignedModel,
} from '../../lambdas/contracts/signature.ts';
import type { ModelSigner } from '../../lambdas/domain/ports/model-signer.ts';
import { preAuthenticationEncoding, signedModelPayload } from '../../lambdas/domain/signing/dsse.ts';

/** Signs as KMS does, with a key of its own. */
export class LocalSigner implements ModelSigner {
  readonly publicKey: KeyObject;
  readonly #privateKey: KeyObject;

  constructor(namedCurve = 'P-256') {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
    this.publicKey = publicKey;
    this.#privateKey = privateKey;
  }

  async sign(model: SignedModel): Promise<DsseEnvelope> {
    const payload = signedModelPayload(model);
    const encoded = preAuthenticationEncoding(signedModelPayloadType, payload);
    const sig = createSign('sha256').update(encoded).sign(this.#privateKey, 'base64');
    return {
      payloadType: signedModelPayloadType,
      payload: payload.toString('base64'),
      signatures: [{ sig }],
    };
  }
}
