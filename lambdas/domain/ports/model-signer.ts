import type { DsseEnvelope, SignedModel } from '../../contracts/signature.ts';

/** Vouches for a model's files. */
export interface ModelSigner {
  sign(payload: SignedModel): Promise<DsseEnvelope>;
}
