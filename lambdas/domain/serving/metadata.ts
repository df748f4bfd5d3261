import type { ModelManifest, TensorSpec } from '../../contracts/model-manifest.ts';
import type { ModelMetadata, ServerMetadata } from '../../contracts/open-inference.ts';

/** What `GET /v2` says. The version is that of the HTTP surface. */
export const serverMetadata: ServerMetadata = { name: 'millrace', version: '1', extensions: [] };

/** What `GET /v2/models/{model}` says of a loaded model. */
export function modelMetadataAnswer(manifest: ModelManifest, versions: readonly number[]): ModelMetadata {
  const tensor = ({ name, datatype, shape }: TensorSpec): TensorSpec => ({ name, datatype, shape });
  return {
    name: manifest.project,
    versions: versions.map(String),
    platform: 'onnx_onnxv1',
    inputs: manifest.inputs.map(tensor),
    outputs: manifest.outputs.map(tensor),
  };
}
