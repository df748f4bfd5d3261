import type { ModelManifest } from '../../contracts/model-manifest.ts';
import type { AnswerTensor } from '../../contracts/open-inference.ts';
import type { PlainPrediction } from '../../contracts/plain-rows.ts';
import type { FeatureValue } from '../../contracts/prediction-record.ts';
import type { ModelOutput } from '../ports/served-models.ts';

/** The first number that is none, in a sentence; undefined when all are finite. */
export function nonFinite(output: ModelOutput): string | undefined {
  const numbers = 'labels' in output ? output.probabilities : output.values;
  const index = numbers.findIndex((value) => !Number.isFinite(value));
  if (index === -1) return undefined;
  const row = Math.floor((index * rowsOf(output)) / numbers.length) + 1;
  return `the model answered row ${row} with ${String(numbers[index])}, which is no finite number`;
}

/** The predicted label or value of each row. */
export function predictedValues(output: ModelOutput): FeatureValue[] {
  return 'labels' in output ? [...output.labels] : [...output.values];
}

/** The output tensors in the form of the Open Inference Protocol, exactly as the model gave them. */
export function outputTensors(output: ModelOutput, classes: readonly string[]): AnswerTensor[] {
  const rows = rowsOf(output);
  if (!('labels' in output)) {
    return [{ name: 'prediction', datatype: 'FP32', shape: [rows, 1], data: [...output.values] }];
  }
  return [
    { name: 'label', datatype: 'BYTES', shape: [rows], data: [...output.labels] },
    {
      name: 'probabilities',
      datatype: 'FP32',
      shape: [rows, classes.length],
      data: [...output.probabilities],
    },
  ];
}

/** The predictions in plain form, row by row. */
export function plainPredictions(
  output: ModelOutput,
  { classes }: Pick<ModelManifest, 'classes'>,
): PlainPrediction[] {
  if (!('labels' in output)) return Array.from(output.values, (value) => ({ value: sevenDigits(value) }));
  return output.labels.map((label, i) => ({
    label,
    probabilities: Object.fromEntries(
      classes.map((name, j) => [name, sevenDigits(output.probabilities[i * classes.length + j] ?? 0)]),
    ),
  }));
}

function rowsOf(output: ModelOutput): number {
  return 'labels' in output ? output.labels.length : output.values.length;
}

/** 0.9800000190734863 is how 64 bits show the 0.98 of 32 bits. */
function sevenDigits(value: number): number {
  return Number(value.toPrecision(7));
}
