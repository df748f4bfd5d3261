import { validationError } from '../errors.ts';
import type { CreateTrainingJobInput } from '../requests/training-job.ts';
import type { TrainingJobRecord } from '../state/records.ts';

type MetricDefinitions = NonNullable<CreateTrainingJobInput['AlgorithmSpecification']['MetricDefinitions']>;

export interface MetricReader {
  /** `time` in milliseconds since the epoch. */
  read(line: string, time: number): void;
  /** The last value of every metric that was seen. */
  final(): TrainingJobRecord['metrics'];
}

/** Throws a ValidationException for an expression that JavaScript does not know, such as Python's `(?P<name>…)`. */
export function createMetricReader(definitions: MetricDefinitions): MetricReader {
  const matchers = definitions.map(({ Name, Regex }) => ({ name: Name, expression: compile(Name, Regex) }));
  const latest = new Map<string, TrainingJobRecord['metrics'][number]>();
  return {
    read(line, time) {
      for (const { name, expression } of matchers) {
        const match = expression.exec(line);
        const value = Number(match?.[1] ?? Number.NaN);
        if (Number.isFinite(value)) latest.set(name, { name, value, time });
      }
    },
    final: () => [...latest.values()],
  };
}

function compile(name: string, source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw validationError(`The Regex of the metric '${name}' is not a valid expression: ${String(error)}`);
  }
}
