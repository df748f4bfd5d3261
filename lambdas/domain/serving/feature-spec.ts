import type { Datatype, InputSpec } from '../../contracts/model-manifest.ts';
import type { Feature } from '../../contracts/project-definition.ts';
import { describeValue } from './describe-value.ts';
import { maximumFp32 } from './limits.ts';

/** A feature as a model takes it. */
export interface FeatureSpec {
  readonly name: string;
  readonly datatype: Datatype;
  readonly nullable: boolean;
}

/** The features of one input tensor, in the order of its columns. A feature that the schema no longer has takes no null. */
export function featureSpecs(input: InputSpec, schema: Readonly<Record<string, Feature>>): FeatureSpec[] {
  return input.features.map((name) => ({
    name,
    datatype: input.datatype,
    // Integers and booleans have no value that stands for a missing one, as NaN does and the empty text.
    nullable:
      schema[name]?.nullable === true &&
      (input.datatype === 'FP32' || input.datatype === 'FP64' || input.datatype === 'BYTES'),
  }));
}

const expectations: Readonly<Record<Datatype, string>> = {
  FP32: 'a number that 32 bits can hold',
  FP64: 'a number',
  INT32: 'a whole number of 32 bits',
  INT64: 'a whole number',
  BOOL: 'true or false',
  BYTES: 'a text that is not empty',
};

/** Whether a feature can have this value. */
export function fits(value: unknown, { datatype, nullable }: FeatureSpec): boolean {
  if (value === null) return nullable;
  switch (datatype) {
    case 'FP32':
      return typeof value === 'number' && value <= maximumFp32 && value >= -maximumFp32;
    case 'FP64':
      return typeof value === 'number' && Number.isFinite(value);
    case 'INT32':
      return typeof value === 'number' && (value | 0) === value;
    case 'INT64':
      return Number.isSafeInteger(value);
    case 'BOOL':
      return typeof value === 'boolean';
    case 'BYTES':
      return typeof value === 'string' && value !== '';
  }
}

/** The sentence for a value that does not fit. @param row counted from 1 */
export function misfit(value: unknown, spec: FeatureSpec, row: number): string {
  const expected = expectations[spec.datatype] + (spec.nullable ? ' or null' : '');
  return `row ${row}: feature '${spec.name}' is ${describeValue(value)}, expected ${expected}`;
}
