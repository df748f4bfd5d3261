import { setTimeout as sleep } from 'node:timers/promises';
import { PutRecordsCommand, type KinesisClient, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import type { PredictionRecord } from '../contracts/prediction-record.ts';

/** Limits of Kinesis' PutRecords: records, and bytes of data and partition keys, in one call and in one record. */
const maximumBatchRecords = 500;
const maximumBatchBytes = 5 * 1024 * 1024;
const maximumRecordBytes = 1024 * 1024;

/** Tries of one batch in one flush, and of one record in all flushes together. */
const triesPerFlush = 3;
const triesPerRecord = 12;

interface Waiting {
  readonly record: PredictionRecord;
  /** Feature values and predictions: what its size grows with. */
  readonly values: number;
  tries: number;
}

export interface KinesisCaptureOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  /** Records of one key keep their order and share a shard. */
  readonly partitionKey: (record: PredictionRecord) => string;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Records that may wait, and values in them; beyond either, records are dropped and counted. */
  readonly maximumWaiting?: number;
  readonly maximumWaitingValues?: number;
  /** First pause before a retry, in milliseconds; it doubles, and is spread at random between nothing and itself. */
  readonly retryPauseMs?: number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/**
 * Prediction records to a Kinesis stream. Taking a record costs nothing; encoding and sending wait for `flush`.
 * While the stream is down, records wait in memory up to a bound. A record may be sent twice.
 */
export class KinesisCapture {
  readonly #options: Required<KinesisCaptureOptions>;
  #waiting: Waiting[] = [];
  #waitingValues = 0;
  #dropped = 0;
  #flushing: Promise<void> | undefined;

  constructor(options: KinesisCaptureOptions) {
    this.#options = {
      maximumWaiting: 10_000,
      maximumWaitingValues: 2_000_000,
      retryPauseMs: 50,
      random: Math.random,
      ...options,
    };
  }

  /** Records that were lost so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Records that wait for a flush. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a record; never waits, never throws. */
  capture(record: PredictionRecord): void {
    const values = record.rows * (Object.keys(record.features).length + 1);
    const { maximumWaiting, maximumWaitingValues } = this.#options;
    if (this.#waiting.length >= maximumWaiting || this.#waitingValues + values > maximumWaitingValues) {
      this.#drop(1, 'the buffer is full');
      return;
    }
    this.#waiting.push({ record, values, tries: 0 });
    this.#waitingValues += values;
  }

  /** Sends what waits. Never throws: what could not be sent waits for the next flush. */
  flush(): Promise<void> {
    this.#flushing ??= this.#sendAll().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const taken = this.#waiting;
      this.#waiting = [];
      this.#waitingValues = 0;
      const failed: Waiting[] = [];
      for (const batch of batches(taken, (record) => this.#encode(record))) {
        // After one failed batch the stream is taken to be down, and the rest is not tried.
        failed.push(
          ...(failed.length > 0 ? batch.map(({ waiting }) => waiting) : await this.#sendBatch(batch)),
        );
      }
      if (failed.length > 0) {
        this.#keep(failed);
        return;
      }
    }
  }

  /** @returns the records that could not be sent */
  async #sendBatch(batch: readonly Encoded[]): Promise<Waiting[]> {
    let left = batch;
    let problem: unknown;
    for (let attempt = 1; attempt <= triesPerFlush && left.length > 0; attempt++) {
      if (attempt > 1) await sleep(this.#options.random() * this.#options.retryPauseMs * 2 ** (attempt - 2));
      for (const { waiting } of left) waiting.tries += 1;
      try {
        const { Records = [] } = await this.#options.client.send(
          new PutRecordsCommand({
            StreamName: this.#options.streamName,
            Records: left.map(({ entry }) => entry),
          }),
        );
        problem = Records.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode;
        left = left.filter((_, i) => Records[i]?.ErrorCode !== undefined);
      } catch (error) {
        problem = error;
      }
    }
    if (left.length > 0)
      this.#options.warn('captured predictions could not be sent', { problem, records: left.length });
    return left.map(({ waiting }) => waiting);
  }

  #keep(failed: readonly Waiting[]): void {
    const worth = failed.filter(({ tries }) => tries < triesPerRecord);
    const { maximumWaiting, maximumWaitingValues } = this.#options;
    const kept: Waiting[] = [];
    let values = this.#waitingValues;
    for (const waiting of worth) {
      if (
        kept.length + this.#waiting.length >= maximumWaiting ||
        values + waiting.values > maximumWaitingValues
      )
        break;
      kept.push(waiting);
      values += waiting.values;
    }
    this.#waiting = [...kept, ...this.#waiting];
    this.#waitingValues = values;
    if (kept.length < failed.length) this.#drop(failed.length - kept.length, 'the stream did not take them');
  }

  #encode(record: PredictionRecord): PutRecordsRequestEntry {
    const key = this.#options.partitionKey(record);
    const whole = entryOf(record, key);
    if (sizeOf(whole) <= maximumRecordBytes) return whole;
    this.#options.warn(
      'a captured prediction is larger than a Kinesis record and goes without its features',
      {
        inferenceId: record.inferenceId,
        bytes: sizeOf(whole),
      },
    );
    return entryOf({ ...record, features: {} }, key);
  }

  #drop(records: number, reason: string): void {
    this.#dropped += records;
    this.#options.warn('captured predictions were dropped', { reason, records, droppedInAll: this.#dropped });
  }
}

interface Encoded {
  readonly waiting: Waiting;
  readonly entry: PutRecordsRequestEntry;
}

/** Encodes one batch at a time, so that a large backlog is never in memory twice. */
function* batches(
  waiting: readonly Waiting[],
  encode: (record: PredictionRecord) => PutRecordsRequestEntry,
): Generator<Encoded[]> {
  let batch: Encoded[] = [];
  let bytes = 0;
  for (const one of waiting) {
    const entry = encode(one.record);
    const size = sizeOf(entry);
    if (batch.length > 0 && (batch.length === maximumBatchRecords || bytes + size > maximumBatchBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ waiting: one, entry });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function entryOf(record: PredictionRecord, PartitionKey: string): PutRecordsRequestEntry {
  return { Data: Buffer.from(JSON.stringify(record)), PartitionKey };
}

function sizeOf({ Data, PartitionKey }: PutRecordsRequestEntry): number {
  return (Data?.length ?? 0) + Buffer.byteLength(PartitionKey ?? '');
}
