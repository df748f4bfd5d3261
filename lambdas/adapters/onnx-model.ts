import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Datatype, InputSpec, TrainedManifest } from '../contracts/model-manifest.ts';
import type { FeatureValue } from '../contracts/prediction-record.ts';
import { PermanentError } from '../domain/errors.ts';
import type { FeatureColumns, ModelOutput } from '../domain/ports/served-models.ts';

/** What must be known of a graph to run it. */
export type GraphSignature = Pick<TrainedManifest, 'inputs' | 'task' | 'classes'>;

/** A graph in memory. */
export interface OnnxModel {
  /**
   * Runs the graph once over all rows.
   * @param columns a value for each row of each feature of the manifest; null is NaN for a number, '' for a category
   */
  predict(columns: FeatureColumns, rows: number): Promise<ModelOutput>;
  /** Frees the session. Nothing may be running, and nothing may run after. */
  dispose(): Promise<void>;
}

const tensorTypes: Readonly<Record<Datatype, Tensor.Type>> = {
  BOOL: 'bool',
  INT32: 'int32',
  INT64: 'int64',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
};

/**
 * Loads a graph from its bytes and holds it to its manifest.
 * @throws PermanentError when ONNX Runtime cannot load it, or its inputs or outputs are not those of the manifest
 */
export async function loadOnnxModel(bytes: Uint8Array, signature: GraphSignature): Promise<OnnxModel> {
  const session = await createSession(bytes);
  const problem = signatureProblem(session, signature);
  if (problem !== undefined) {
    await session.release();
    throw new PermanentError(`the graph is not what its manifest says: ${problem}`);
  }
  const fetches = expectedOutputs(signature).map(({ name }) => name);
  return {
    async predict(columns, rows) {
      const feeds = signature.inputs.map((input) => [input.name, inputTensor(input, columns, rows)] as const);
      return readOutput(await session.run(Object.fromEntries(feeds), fetches), signature, rows);
    },
    dispose: () => session.release(),
  };
}

async function createSession(bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      // A function has about one processor; a pool of threads would only wait for itself.
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new PermanentError(`ONNX Runtime cannot load the graph: ${String(error)}`, { cause: error });
  }
}

interface ExpectedTensor {
  readonly name: string;
  readonly type: Tensor.Type;
  /** Sizes of the dimensions after the first, which is the batch. */
  readonly shapes: readonly (readonly number[])[];
}

function expectedOutputs({ task, classes }: GraphSignature): ExpectedTensor[] {
  return task === 'classification'
    ? [
        { name: 'label', type: 'string', shapes: [[]] },
        { name: 'probabilities', type: 'float32', shapes: [[classes.length]] },
      ]
    : [{ name: 'prediction', type: 'float32', shapes: [[1], []] }];
}

function signatureProblem(session: InferenceSession, signature: GraphSignature): string | undefined {
  const inputs = signature.inputs.map(({ name, datatype, features }) => ({
    name,
    type: tensorTypes[datatype],
    shapes: features.length === 1 ? [[1], []] : [[features.length]],
  }));
  const stranger = session.inputNames.find((name) => !inputs.some((input) => input.name === name));
  if (stranger !== undefined) return `it has an input '${stranger}' that the manifest does not know`;
  return (
    tensorsProblem('input', inputs, session.inputMetadata) ??
    tensorsProblem('output', expectedOutputs(signature), session.outputMetadata)
  );
}

function tensorsProblem(
  kind: 'input' | 'output',
  expected: readonly ExpectedTensor[],
  found: readonly InferenceSession.ValueMetadata[],
): string | undefined {
  for (const { name, type, shapes } of expected) {
    const tensor = found.find((one) => one.name === name);
    if (!tensor) return `it has no ${kind} '${name}'`;
    if (!tensor.isTensor) return `${kind} '${name}' is no tensor, expected ${type} (convert with zipmap off)`;
    const [batch, ...rest] = tensor.shape;
    const fits =
      tensor.type === type &&
      typeof batch === 'string' &&
      shapes.some(
        (shape) =>
          shape.length === rest.length &&
          shape.every((size, i) => typeof rest[i] === 'string' || rest[i] === size),
      );
    if (!fits) {
      const wanted = shapes.map((shape) => `[batch${shape.map((size) => `,${size}`).join('')}]`).join(' or ');
      return `${kind} '${name}' is ${tensor.type} [${tensor.shape.join(',')}], expected ${type} ${wanted}`;
    }
  }
  return undefined;
}

function inputTensor(
  { name, datatype, features, shape }: InputSpec,
  columns: FeatureColumns,
  rows: number,
): Tensor {
  const width = features.length;
  const dimensions = shape.length === 1 ? [rows] : [rows, width];
  const sources = features.map((feature) => columnOf(columns, feature, rows));
  const at = (index: number): FeatureValue => sources[index % width]?.[Math.floor(index / width)] ?? null;
  const size = rows * width;
  switch (datatype) {
    case 'FP32':
      return new Tensor('float32', interleave(new Float32Array(size), sources, name), dimensions);
    case 'FP64':
      return new Tensor('float64', interleave(new Float64Array(size), sources, name), dimensions);
    case 'INT32':
      return new Tensor(
        'int32',
        Int32Array.from({ length: size }, (_, i) => integer(at(i), name)),
        dimensions,
      );
    case 'INT64':
      return new Tensor(
        'int64',
        BigInt64Array.from({ length: size }, (_, i) => BigInt(integer(at(i), name))),
        dimensions,
      );
    case 'BOOL':
      return new Tensor(
        'bool',
        Uint8Array.from({ length: size }, (_, i) => (at(i) === true ? 1 : 0)),
        dimensions,
      );
    case 'BYTES':
      return new Tensor(
        'string',
        Array.from({ length: size }, (_, i) => String(at(i) ?? '')),
        dimensions,
      );
  }
}

function columnOf(columns: FeatureColumns, feature: string, rows: number): readonly FeatureValue[] {
  const column = columns[feature];
  if (column?.length === rows) return column;
  throw new PermanentError(`feature '${feature}' has ${column?.length ?? 'no'} values, expected ${rows}`);
}

/** Columns into rows, row by row in one buffer. */
function interleave<Target extends Float32Array | Float64Array>(
  target: Target,
  columns: readonly (readonly FeatureValue[])[],
  name: string,
): Target {
  const width = columns.length;
  for (const [j, column] of columns.entries()) {
    for (const [i, value] of column.entries()) {
      if (value !== null && typeof value !== 'number') throw notNumber(value, name);
      target[i * width + j] = value ?? NaN;
    }
  }
  return target;
}

function integer(value: FeatureValue, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw notNumber(value, name);
}

function notNumber(value: FeatureValue, name: string): PermanentError {
  return new PermanentError(
    `input '${name}' was given ${JSON.stringify(value)}, expected a number that it can hold`,
  );
}

function readOutput(
  output: InferenceSession.ReturnType,
  { task, classes }: GraphSignature,
  rows: number,
): ModelOutput {
  if (task === 'regression') {
    const values = output['prediction']?.data;
    if (!(values instanceof Float32Array) || values.length !== rows) throw wrongOutput('prediction', rows);
    return { values: Float64Array.from(values) };
  }
  const labels: unknown = output['label']?.data;
  const probabilities = output['probabilities']?.data;
  if (!isTexts(labels) || labels.length !== rows) throw wrongOutput('label', rows);
  if (!(probabilities instanceof Float32Array) || probabilities.length !== rows * classes.length) {
    throw wrongOutput('probabilities', rows * classes.length);
  }
  return { labels, probabilities };
}

function isTexts(data: unknown): data is string[] {
  return Array.isArray(data) && data.every((value) => typeof value === 'string');
}

function wrongOutput(name: string, expected: number): PermanentError {
  return new PermanentError(`the graph's output '${name}' does not have the ${expected} values expected`);
}
