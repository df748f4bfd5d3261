import { z } from 'zod';
import { outboxEvent, type OutboxEvent } from '../contracts/define-event.ts';
import {
  modelVersionPromoted,
  modelVersionRolledBack,
  rolloutAdvanced,
} from '../contracts/rollout-events.ts';
import { routingTable, type RoutingTable } from '../contracts/routing.ts';
import { PermanentError } from '../domain/errors.ts';
import type { Records } from '../domain/ports/records.ts';
import type { RolloutFact, Transition } from '../domain/rollout/routing-transitions.ts';

const record = 'routing';

/** Each project's one row of the routing table: partition key `project`, sort key `routing`. */
export class DynamoDbRouting {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  /** @returns undefined before the project's first model. @throws PermanentError when the row is malformed */
  async read(project: string): Promise<RoutingTable | undefined> {
    const item = await this.#records.read({ project, record });
    if (item === undefined) return undefined;
    const parsed = routingTable.safeParse(item);
    if (parsed.success) return parsed.data;
    throw new PermanentError(
      `the routing row of '${project}' is malformed: ${z.prettifyError(parsed.error)}`,
    );
  }

  /**
   * Writes a transition and what it announces.
   * @param before the row that the transition was made from
   * @returns false when the row changed meanwhile: read it and decide again
   */
  async move(before: RoutingTable | undefined, { next, announce }: Transition): Promise<boolean> {
    return this.#records.commit([
      { item: { ...next, record }, condition: { revision: before?.revision }, announce: eventOf(announce) },
    ]);
  }
}

function eventOf(fact: RolloutFact): OutboxEvent {
  switch (fact.kind) {
    case 'advanced':
      return outboxEvent(rolloutAdvanced, fact.detail);
    case 'promoted':
      return outboxEvent(modelVersionPromoted, fact.detail);
    case 'rolled-back':
      return outboxEvent(modelVersionRolledBack, fact.detail);
  }
}
