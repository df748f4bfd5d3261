import type { OutboxEvent } from '../../contracts/define-event.ts';

/** Names one record: the table's partition key and sort key. */
export interface RecordKey {
  readonly project: string;
  readonly record: string;
}

/** When a write may happen. Losing a condition is an answer, not a failure. */
export type WriteCondition =
  /** There is no such record yet. */
  | 'new'
  /** The record still has this revision; `undefined` means that there is none yet. */
  | { readonly revision: number | undefined }
  /** Whatever is there. */
  | 'any';

/** One record to write, and the fact that its change announces. */
export interface RecordWrite {
  readonly item: RecordKey & Readonly<Record<string, unknown>>;
  readonly condition: WriteCondition;
  /** Sent by the table's stream once the write has happened, at least once. */
  readonly announce?: OutboxEvent;
}

/** Records that move by conditional writes and announce their changes through an outbox. */
export interface Records {
  /** The item as stored, or undefined; strongly consistent. The caller parses it by its contract. */
  read(key: RecordKey): Promise<unknown>;
  /** Items whose sort key begins with `prefix`, newest sort key first, at most `limit`. */
  list(project: string, prefix: string, limit: number): Promise<unknown[]>;
  /**
   * All writes or none.
   * @returns false when a condition did not hold: somebody else was first
   */
  commit(writes: readonly RecordWrite[]): Promise<boolean>;
}
