import { createHash, verify, type KeyObject } from 'node:crypto';
import type { DsseEnvelope, SignedModel } from '../../contracts/signature.ts';

/**
 * What is signed: DSSE's pre-authentication encoding, `DSSEv1 SP LEN(type) SP type SP LEN(body) SP body`, lengths
 * in bytes as decimal ASCII (DSSE protocol v1.0.2, secure-systems-lab). Type and body cannot be mistaken for one another.
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `, 'ascii'),
    type,
    Buffer.from(` ${payload.length} `, 'ascii'),
    payload,
  ]);
}

/** The bytes that stand for a signed model in its envelope: JSON in UTF-8, members always in this order. */
export function signedModelPayload({ project, runId, files }: SignedModel): Buffer {
  return Buffer.from(
    JSON.stringify({
      project,
      runId,
      files: { 'model.onnx': files['model.onnx'], 'manifest.json': files['manifest.json'] },
    }),
    'utf8',
  );
}

/** What came of opening an envelope. */
export type OpenedEnvelope = { readonly payload: Buffer } | { readonly refused: string };

/**
 * Verifies an envelope and gives its payload, byte for byte what was signed. One good signature is enough; `keyid` is
 * only a hint and decides nothing, as DSSE demands.
 * @param publicKey ECDSA on P-256; signatures are DER over SHA-256
 */
export function openEnvelope(
  envelope: DsseEnvelope,
  payloadType: string,
  publicKey: KeyObject,
): OpenedEnvelope {
  if (envelope.payloadType !== payloadType) {
    return { refused: `the envelope holds '${envelope.payloadType}', expected '${payloadType}'` };
  }
  const payload = Buffer.from(envelope.payload, 'base64');
  const signed = preAuthenticationEncoding(payloadType, payload);
  const good = envelope.signatures.some(({ sig }) =>
    verify('sha256', signed, { key: publicKey, dsaEncoding: 'der' }, Buffer.from(sig, 'base64')),
  );
  return good
    ? { payload }
    : { refused: 'no signature in the envelope was made by the signing key over its payload' };
}

/** @returns lower-case hexadecimal */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
