import { z } from 'zod';
import { projectName, runId, sha256 } from './primitives.ts';

/** Type of the signed payload, part of what is signed (DSSE protocol, secure-systems-lab, v1.0.2). */
export const signedModelPayloadType = 'application/vnd.millrace.model.v1+json';

/** What a signature vouches for: these bytes are this project's model from this run. */
export const signedModel = z.object({
  project: projectName,
  runId,
  files: z.object({ 'model.onnx': sha256, 'manifest.json': sha256 }),
});
export type SignedModel = z.infer<typeof signedModel>;

/** A DSSE envelope. `payload` and `sig` are standard base64; `sig` is ECDSA P-256 over SHA-256, DER. */
export const dsseEnvelope = z.object({
  payloadType: z.string().min(1),
  payload: z.base64(),
  signatures: z.array(z.object({ keyid: z.string().optional(), sig: z.base64() })).min(1),
});
export type DsseEnvelope = z.infer<typeof dsseEnvelope>;
