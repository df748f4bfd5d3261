import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';
import { instant, modelVersion, projectName, runId, s3Uri, sha256 } from './primitives.ts';

/** A candidate that passed the gate is in the registry, signed, and waits for approval. */
export const modelVersionRegistered = defineEvent(
  'millrace.registry',
  'ModelVersionRegistered.v1',
  z.object({
    project: projectName,
    version: modelVersion,
    modelPackageArn: z.string().min(1),
    /** Prefix that holds `model.onnx`, `manifest.json` and `signature.dsse.json`. */
    artifactUri: s3Uri,
    modelSha256: sha256,
    runId,
    registeredAt: instant,
  }),
);
export type ModelVersionRegistered = DetailOf<typeof modelVersionRegistered>;
