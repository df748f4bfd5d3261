import type { KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signedModelPayloadType, type SignedModel } from '../../lambdas/contracts/signature.ts';
import type { ModelSigner } from '../../lambdas/domain/ports/model-signer.ts';
import { openEnvelope, signedModelPayload } from '../../lambdas/domain/signing/dsse.ts';

const model: SignedModel = {
  project: 'tumours',
  runId: 'run-1',
  files: { 'model.onnx': 'a'.repeat(64), 'manifest.json': 'b'.repeat(64) },
};

/** What every `ModelSigner` must do. @param make gives one with a key of its own */
export function modelSignerContract(
  name: string,
  make: () => Promise<{ signer: ModelSigner; publicKey: KeyObject }>,
): void {
  describe(`model signer: ${name}`, () => {
    test('its envelope opens with its public key, and holds what was signed', async () => {
      const { signer, publicKey } = await make();
      const opened = openEnvelope(await signer.sign(model), signedModelPayloadType, publicKey);
      expect(opened).toEqual({ payload: signedModelPayload(model) });
    });

    test('it opens with no other key, and with no other payload', async () => {
      const { signer, publicKey } = await make();
      const { publicKey: strange } = await make();
      const envelope = await signer.sign(model);
      const refusal = {
        refused: 'no signature in the envelope was made by the signing key over its payload',
      };
      expect(openEnvelope(envelope, signedModelPayloadType, strange)).toEqual(refusal);
      const other = signedModelPayload({ ...model, project: 'stones' }).toString('base64');
      expect(openEnvelope({ ...envelope, payload: other }, signedModelPayloadType, publicKey)).toEqual(
        refusal,
      );
    });
  });
}
