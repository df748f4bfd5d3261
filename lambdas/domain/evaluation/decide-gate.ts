import type { Metrics } from '../../contracts/model-manifest.ts';
import type { MetricName, ProjectDefinition } from '../../contracts/project-definition.ts';
import { directionOf, metricNames } from './metric-names.ts';

export interface Evaluation {
  readonly metrics: Metrics;
  readonly testRows: number;
}

export interface GateDecision {
  readonly verdict: 'candidate' | 'rejected';
  /** A candidate: one sentence for each rule. A rejection: one for each rule that said no. Never empty. */
  readonly reasons: readonly string[];
}

interface Ruling {
  readonly passes: boolean;
  readonly sentence: string;
}

/**
 * Whether a challenger is worth registering: enough held-out rows, finite metrics, every bound kept, and better than
 * the champion by more than `minimumUplift` in the primary metric. A tie keeps the champion.
 *
 * @param champion its metrics on the same rows; undefined when there is none to compare with
 */
export function decideGate(
  challenger: Evaluation,
  champion: Metrics | undefined,
  gate: ProjectDefinition['gate'],
): GateDecision {
  const rulings = [
    enoughRows(challenger.testRows, gate.minimumTestRows),
    ...metricNames.flatMap((name) => keepsBound(name, challenger.metrics[name], gate.bounds[name])),
    beatsChampion(challenger.metrics[gate.primaryMetric], champion, gate),
  ];
  const refusals = rulings.filter(({ passes }) => !passes);
  return refusals.length > 0
    ? { verdict: 'rejected', reasons: refusals.map(({ sentence }) => sentence) }
    : { verdict: 'candidate', reasons: rulings.map(({ sentence }) => sentence) };
}

function enoughRows(testRows: number, minimum: number): Ruling {
  return {
    passes: testRows >= minimum,
    sentence: `judged on ${testRows} held-out rows, at least ${minimum} wanted`,
  };
}

function keepsBound(name: MetricName, value: number | undefined, bound: number | undefined): Ruling[] {
  if (bound === undefined) return [];
  if (!isFinite(value)) return [{ passes: false, sentence: unknown(name, value) }];
  const higher = directionOf[name] === 'higher';
  return [
    {
      passes: higher ? value >= bound : value <= bound,
      sentence: `${name} is ${figure(value)}, ${higher ? 'at least' : 'at most'} ${figure(bound)} wanted`,
    },
  ];
}

function beatsChampion(
  value: number | undefined,
  champion: Metrics | undefined,
  { primaryMetric, minimumUplift }: ProjectDefinition['gate'],
): Ruling {
  if (!isFinite(value)) return { passes: false, sentence: unknown(primaryMetric, value) };
  const own = `${primaryMetric} is ${figure(value)}`;
  if (!champion) return { passes: true, sentence: `${own}, and there is no champion to beat` };
  const held = champion[primaryMetric];
  if (!isFinite(held)) {
    return { passes: true, sentence: `${own}, and the champion's on the same rows is no finite number` };
  }
  const uplift = directionOf[primaryMetric] === 'higher' ? value - held : held - value;
  return {
    passes: uplift > minimumUplift,
    sentence:
      `${own} against the champion's ${figure(held)}: better by ${figure(uplift)}, ` +
      `more than ${figure(minimumUplift)} wanted`,
  };
}

function unknown(name: MetricName, value: number | undefined): string {
  return value === undefined
    ? `${name} could not be computed on the held-out rows`
    : `${name} is ${value}, not a finite number`;
}

function isFinite(value: number | undefined): value is number {
  return Number.isFinite(value);
}

/** Six significant digits, no trailing zeros. */
function figure(value: number): string {
  return String(Number(value.toPrecision(6)));
}
