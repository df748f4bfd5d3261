import { z } from 'zod';
import { datatype, tensorSpec } from './model-manifest.ts';

/*
 * The JSON of the Open Inference Protocol, version 2 (kserve/open-inference-protocol, inference_rest), as far as
 * Millrace speaks it: no extensions, so no binary tensors.
 */

/** A tensor in a request: `data` flat in row-major order, or nested by rows. */
export const requestTensor = z.object({
  name: z.string(),
  shape: z.array(z.int()),
  datatype,
  data: z.array(z.unknown()),
  parameters: z.record(z.string(), z.unknown()).optional(),
});
export type RequestTensor = z.infer<typeof requestTensor>;

/** Into `POST /v2/models/{model}[/versions/{version}]/infer`. */
export const inferRequest = z.object({
  /** Comes back as the answer's `id`. The inference id is always the server's own. */
  id: z.string().optional(),
  inputs: z.array(requestTensor),
  /** The output tensors wanted; all of them when absent. */
  outputs: z.array(z.object({ name: z.string() })).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});
export type InferRequest = z.infer<typeof inferRequest>;

/** `data` is flat, in row-major order. */
export const answerTensor = z.object({
  name: z.string(),
  shape: z.array(z.int().positive()),
  datatype,
  data: z.array(z.union([z.string(), z.number()])),
});
export type AnswerTensor = z.infer<typeof answerTensor>;

/** Out of `infer`. */
export const inferAnswer = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string(),
  parameters: z.object({ inference_id: z.string().min(1) }),
  outputs: z.array(answerTensor).min(1),
});
export type InferAnswer = z.infer<typeof inferAnswer>;

/** Out of `GET /v2`. */
export const serverMetadata = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});
export type ServerMetadata = z.infer<typeof serverMetadata>;

/** Out of `GET /v2/models/{model}[/versions/{version}]`. */
export const modelMetadata = z.object({
  name: z.string(),
  /** Versions that may be asked for by number. */
  versions: z.array(z.string()),
  platform: z.literal('onnx_onnxv1'),
  inputs: z.array(tensorSpec),
  outputs: z.array(tensorSpec),
});
export type ModelMetadata = z.infer<typeof modelMetadata>;

export const serverLive = z.object({ live: z.boolean() });
export const serverReady = z.object({ ready: z.boolean() });
export const modelReady = z.object({ name: z.string(), ready: z.boolean() });

/** Every answer but 200: one sentence. */
export const inferenceError = z.object({ error: z.string().min(1) });
export type InferenceError = z.infer<typeof inferenceError>;
