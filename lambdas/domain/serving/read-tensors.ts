import type { InputSpec } from '../../contracts/model-manifest.ts';
import type { FeatureValue } from '../../contracts/prediction-record.ts';
import type { Feature } from '../../contracts/project-definition.ts';
import { describeValue, shorten } from './describe-value.ts';
import { featureSpecs, fits, misfit, type FeatureSpec } from './feature-spec.ts';
import { isJsonObject, type JsonObject } from './json-body.ts';
import { isFeatureValue, namedColumns, rowCountProblem, type RowsAsked } from './read-rows.ts';
import { refuse, isRefusal, type Refusal } from './refusal.ts';

type Tensor = Readonly<Record<string, unknown>>;

/** Reads the `inputs` of an Open Inference Protocol request for a model with these input tensors. */
export function readTensors(
  { json }: JsonObject,
  inputs: readonly InputSpec[],
  schema: Readonly<Record<string, Feature>>,
): RowsAsked | Refusal {
  const tensors = tensorsByName(json['inputs'], inputs);
  if (isRefusal(tensors)) return tensors;
  const features: FeatureSpec[] = [];
  const columns: FeatureValue[][] = [];
  let rows: number | undefined;
  for (const input of inputs) {
    const tensor = tensors.byName.get(input.name);
    if (!tensor) return refuse(`input '${input.name}' is missing: the model takes ${describeInputs(inputs)}`);
    const specs = featureSpecs(input, schema);
    const read = readTensor(tensor, input, specs);
    if (isRefusal(read)) return read;
    if (rows !== undefined && read.rows !== rows) {
      return refuse(
        `input '${input.name}' has ${read.rows} rows, and '${inputs[0]?.name}' has ${rows}: expected the same number`,
      );
    }
    rows = read.rows;
    features.push(...specs);
    columns.push(...read.columns);
  }
  return { rows: rows ?? 0, columns: namedColumns(features, columns) };
}

function tensorsByName(
  list: unknown,
  inputs: readonly InputSpec[],
): { readonly byName: ReadonlyMap<string, Tensor> } | Refusal {
  if (!Array.isArray(list)) return refuse(`'inputs' is ${describeValue(list)}, expected a list of tensors`);
  const byName = new Map<string, Tensor>();
  for (const tensor of list) {
    if (!isJsonObject(tensor)) return refuse(`'inputs' holds ${describeValue(tensor)}, expected a tensor`);
    const name = tensor['name'];
    if (typeof name !== 'string') return refuse(`an input's name is ${describeValue(name)}, expected a text`);
    if (byName.has(name)) return refuse(`input '${shorten(name)}' comes twice`);
    if (!inputs.some((input) => input.name === name)) {
      return refuse(`the model has no input '${shorten(name)}': it takes ${describeInputs(inputs)}`);
    }
    byName.set(name, tensor);
  }
  return { byName };
}

function readTensor(
  tensor: Tensor,
  input: InputSpec,
  specs: readonly FeatureSpec[],
): { readonly rows: number; readonly columns: FeatureValue[][] } | Refusal {
  const name = `input '${input.name}'`;
  if (tensor['datatype'] !== input.datatype) {
    return refuse(
      `${name}: the datatype is ${describeValue(tensor['datatype'])}, expected "${input.datatype}"`,
    );
  }
  const width = specs.length;
  const rows = rowsOfShape(tensor['shape'], width);
  if (rows === undefined) {
    const shape = Array.isArray(tensor['shape'])
      ? shorten(JSON.stringify(tensor['shape']))
      : describeValue(tensor['shape']);
    return refuse(
      `${name}: the shape is ${shape}, expected [rows,${width}]${width === 1 ? ' or [rows]' : ''}`,
    );
  }
  const problem = rowCountProblem(rows);
  if (problem) return problem;
  const flat = flatten(tensor['data'], width);
  if (flat === undefined) {
    return refuse(
      `${name}: the data is ${describeValue(tensor['data'])} that does not nest by rows of ${width}, ` +
        `expected a flat list, or a list of rows`,
    );
  }
  if (flat.length !== rows * width) {
    return refuse(
      `${name}: the data has ${flat.length} values, expected ${rows * width} for the shape [${rows},${width}]`,
    );
  }
  const columns = specs.map((): FeatureValue[] => Array.from({ length: rows }));
  for (const [j, spec] of specs.entries()) {
    const column = columns[j];
    for (let i = 0; column && i < rows; i++) {
      const value = flat[i * width + j];
      if (!isFeatureValue(value) || !fits(value, spec))
        return refuse(`${name}, ${misfit(value, spec, i + 1)}`);
      column[i] = value;
    }
  }
  return { rows, columns };
}

function rowsOfShape(shape: unknown, width: number): number | undefined {
  if (!Array.isArray(shape)) return undefined;
  const [rows, columns]: unknown[] = shape;
  const fitting = shape.length === 2 ? columns === width : shape.length === 1 && width === 1;
  return fitting && typeof rows === 'number' && Number.isSafeInteger(rows) && rows >= 0 ? rows : undefined;
}

/** Row-major values of flat data, or of data nested by rows; undefined when it is neither. */
function flatten(data: unknown, width: number): readonly unknown[] | undefined {
  if (!Array.isArray(data)) return undefined;
  if (!data.some(Array.isArray)) return data;
  return data.every((row) => Array.isArray(row) && row.length === width) ? data.flat() : undefined;
}

function describeInputs(inputs: readonly InputSpec[]): string {
  const shown = inputs
    .slice(0, 20)
    .map(({ name, datatype, features }) => `'${name}' ${datatype} [rows,${features.length}]`);
  return shown.join(', ') + (inputs.length > shown.length ? ` and ${inputs.length - shown.length} more` : '');
}
