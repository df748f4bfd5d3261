import type { z } from 'zod';

/**
 * An event on the Millrace bus: one contract, three readers.
 * Infrastructure takes `source` and `detailType` for its pattern, a publisher takes `Detail` for its type,
 * a consumer takes `detail` for its parser.
 */
export interface EventContract<Source extends string, Name extends string, Schema extends z.ZodType> {
  readonly source: Source;
  readonly detailType: Name;
  readonly detail: Schema;
}

/** @param detailType a past-tense fact and its version: `DataAccepted.v1`. A breaking change is a new version. */
export function defineEvent<
  const Source extends string,
  const Name extends
    `${string}.v${number}` | `SageMaker ${string}` | 'Object Created' | `Step Functions ${string}`,
  Schema extends z.ZodType,
>(source: Source, detailType: Name, detail: Schema): EventContract<Source, Name, Schema> {
  return { source, detailType, detail };
}

/** What a publisher must give for `Contract`. */
export type DetailOf<Contract extends EventContract<string, string, z.ZodType>> = z.infer<Contract['detail']>;

/** An event as it waits in a record's `outbox` attribute until the table's stream announces it. */
export interface OutboxEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
}

/** Builds the outbox entry; the detail is held to the contract before it is stored, not when it is sent. */
export function outboxEvent<Schema extends z.ZodType>(
  contract: EventContract<string, string, Schema>,
  detail: z.infer<Schema>,
): OutboxEvent {
  return { source: contract.source, detailType: contract.detailType, detail: contract.detail.parse(detail) };
}
