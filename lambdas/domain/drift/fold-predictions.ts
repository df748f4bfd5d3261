import type { LiveHistogram, ShardState } from '../../contracts/monitor-records.ts';
import type { PredictionRecord } from '../../contracts/prediction-record.ts';
import { addAnswer, bucketOf, emptyCounters, type Counters } from '../rollout/counters.ts';
import { countValue, emptyHistogram } from './histogram.ts';
import { judgeWindow, type Baseline, type MonitorLimits, type WindowJudgement } from './judge-window.ts';

/** How far a shard was read for one project, and its open windows by version. */
export type ShardProgress = Pick<ShardState, 'lastSequence' | 'windows'>;
type OpenWindow = ShardProgress['windows'][string];

/** A captured prediction and its place in the shard, a decimal number that rises. */
export interface SequencedPrediction {
  readonly sequence: string;
  readonly prediction: PredictionRecord;
}

export interface FoldContext {
  /** Baselines by version. Answers of a version without one are counted, but fill no window. */
  readonly baselines: ReadonlyMap<number, Baseline>;
  /** Whether a version may still be given traffic; the open window of one that may not is dropped. */
  readonly isRouted: (version: number) => boolean;
  readonly limits: MonitorLimits;
  readonly latencyEdgesMs: readonly number[];
  /** How many counters and closed windows one commit has room for. */
  readonly capacity: { readonly counters: number; readonly windows: number };
}

/** Answers of one version within one bucket of time. */
export interface CountedBucket {
  readonly version: number;
  readonly bucket: string;
  readonly counters: Counters;
}

export interface ClosedWindow {
  readonly version: number;
  readonly number: number;
  readonly rows: number;
  readonly startedAt: string;
  readonly closedAt: string;
  readonly judgement: WindowJudgement;
  /** Windows in a row that drifted, this one included; 0 when it did not. */
  readonly streak: number;
  /** Whether this window is one to announce drift at: see `announces`. */
  readonly alarm: boolean;
}

/** What one commit will hold. */
export interface Fold {
  readonly progress: ShardProgress;
  /** To be added to what is stored. */
  readonly counted: readonly CountedBucket[];
  readonly closed: readonly ClosedWindow[];
  /** Predictions taken from the front; the rest did not fit and goes into the next fold. */
  readonly taken: number;
}

/**
 * The predictions that were not counted yet, in the shard's order, each once: deliveries repeat and overlap, and a
 * sequence number at or below the last one counted was counted with it.
 */
export function freshPredictions(
  lastSequence: string | undefined,
  predictions: readonly SequencedPrediction[],
): SequencedPrediction[] {
  const last = lastSequence === undefined ? -1n : BigInt(lastSequence);
  const bySequence = new Map(predictions.map((item) => [BigInt(item.sequence), item]));
  return [...bySequence]
    .filter(([sequence]) => sequence > last)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}

/**
 * Counts predictions into their version's counters and window, and closes and judges each window that is full.
 * A record is not split: a window closes after the record that fills it. Pure: nothing given is changed.
 * @param fresh out of `freshPredictions`, at least one
 */
export function foldPredictions(
  before: ShardProgress | undefined,
  fresh: readonly SequencedPrediction[],
  context: FoldContext,
): Fold {
  const windows = keptWindows(before?.windows ?? {}, context.isRouted);
  const counted = new Map<string, CountedBucket>();
  const closed: ClosedWindow[] = [];
  let lastSequence = before?.lastSequence;
  let taken = 0;
  for (const { sequence, prediction } of fresh) {
    if (closed.length >= context.capacity.windows) break;
    if (!countAnswer(counted, prediction, context)) break;
    const window = fillWindow(windows, prediction, context);
    if (window) closed.push(window);
    lastSequence = sequence;
    taken += 1;
  }
  if (lastSequence === undefined) throw new Error('there is no prediction to fold');
  return { progress: { lastSequence, windows }, counted: [...counted.values()], closed, taken };
}

/** @returns false when there is no room for another counter */
function countAnswer(
  counted: Map<string, CountedBucket>,
  { version, at, status, latencyMs }: PredictionRecord,
  { capacity, latencyEdgesMs }: FoldContext,
): boolean {
  const bucket = bucketOf(at);
  const key = `${version}#${bucket}`;
  const entry = counted.get(key);
  if (!entry && counted.size >= capacity.counters) return false;
  const counters = entry?.counters ?? emptyCounters(latencyEdgesMs);
  counted.set(key, { version, bucket, counters: addAnswer(counters, status, latencyMs) });
  return true;
}

function fillWindow(
  windows: ShardProgress['windows'],
  prediction: PredictionRecord,
  { baselines, isRouted, limits }: FoldContext,
): ClosedWindow | undefined {
  const { version, at } = prediction;
  const baseline = baselines.get(version);
  if (!baseline || !isRouted(version) || !showsItsRows(prediction)) return undefined;
  const present = windows[String(version)] ?? emptyWindow(version, 1, at, 0);
  const window = present.rows === 0 ? openWindow(present, baseline, at) : present;
  countRows(window, baseline, prediction);
  if (window.rows < limits.windowRows) {
    windows[String(version)] = window;
    return undefined;
  }
  const judgement = judgeWindow(window, baseline, limits);
  const streak = judgement.drifted ? window.streak + 1 : 0;
  windows[String(version)] = emptyWindow(version, window.number + 1, at, streak);
  const { number, rows, startedAt } = window;
  const alarm = announces(streak, limits.persistence);
  return { version, number, rows, startedAt, closedAt: at, judgement, streak, alarm };
}

/** Only answers tell of the traffic that the model was given; capture drops the columns of a record too large. */
function showsItsRows({ status, rows, features }: PredictionRecord): boolean {
  return status === 200 && rows > 0 && Object.keys(features).length > 0;
}

function countRows(
  window: OpenWindow,
  baseline: Baseline,
  { rows, features, predictions }: PredictionRecord,
): void {
  for (const [name, expected] of Object.entries(baseline.features)) {
    const histogram = window.features[name] ?? emptyHistogram(expected);
    for (let row = 0; row < rows; row += 1) countValue(histogram, expected, features[name]?.[row] ?? null);
    window.features[name] = histogram;
  }
  for (let row = 0; row < rows; row += 1) {
    countValue(window.predictions, baseline.prediction, predictions[row] ?? null);
  }
  window.rows += rows;
}

function openWindow(empty: OpenWindow, baseline: Baseline, startedAt: string): OpenWindow {
  return { ...empty, features: {}, predictions: emptyHistogram(baseline.prediction), startedAt };
}

const nothing: LiveHistogram = { kind: 'category', counts: {}, missing: 0 };

/** A window that waits for its first row. Its histograms take their bins from the baseline then. */
/**
 * A streak is announced when it is `persistence` windows long, and again at each doubling: an answer of the retraining
 * policy that was no, in a cool-down say, must not stay the last word on drift that lasts; nor is every window news.
 */
function announces(streak: number, persistence: number): boolean {
  const times = streak / persistence;
  return times >= 1 && Number.isInteger(Math.log2(times));
}

function emptyWindow(version: number, number: number, startedAt: string, streak: number): OpenWindow {
  return { version, number, rows: 0, features: {}, predictions: structuredClone(nothing), startedAt, streak };
}

/** A version out of traffic keeps only its window's number, so that no number comes twice should it return. */
function keptWindows(
  windows: ShardProgress['windows'],
  isRouted: (version: number) => boolean,
): ShardProgress['windows'] {
  return Object.fromEntries(
    Object.entries(windows).map(([key, window]) => [
      key,
      isRouted(window.version)
        ? structuredClone(window)
        : emptyWindow(window.version, window.number, window.startedAt, 0),
    ]),
  );
}
