import type { OutboxEvent } from '../../lambdas/contracts/define-event.ts';
import type { RecordKey, Records, RecordWrite, WriteCondition } from '../../lambdas/domain/ports/records.ts';

type Item = RecordWrite['item'];

/** Records in memory, with the commit semantics of the DynamoDB adapter: all or nothing, conditions, outbox. */
export class InMemoryRecords implements Records {
  readonly #items = new Map<string, Item>();
  /** Every announcement of a committed write, in order. */
  readonly announced: OutboxEvent[] = [];
  /** Called before each commit: where a test lets somebody else be first, or the table fail. */
  beforeCommit: (writes: readonly RecordWrite[]) => void | Promise<void> = () => {};

  async read(key: RecordKey): Promise<unknown> {
    return structuredClone(this.#items.get(address(key)));
  }

  async list(project: string, prefix: string, limit: number): Promise<unknown[]> {
    return [...this.#items.values()]
      .filter((item) => item.project === project && item.record.startsWith(prefix))
      .toSorted((a, b) => (a.record < b.record ? 1 : -1))
      .slice(0, limit)
      .map((item) => structuredClone(item));
  }

  async commit(writes: readonly RecordWrite[]): Promise<boolean> {
    await this.beforeCommit(writes);
    const addresses = writes.map(({ item }) => address(item));
    if (new Set(addresses).size < writes.length) {
      throw new Error('a transaction cannot write one record twice');
    }
    if (!writes.every(({ item, condition }) => holds(condition, this.#items.get(address(item)))))
      return false;
    for (const { item, announce } of writes) {
      this.#items.set(address(item), stored(item));
      if (announce) this.announced.push(structuredClone(announce));
    }
    return true;
  }

  /** Puts items there as they are: what stood in the table before the test began. */
  seed(...items: readonly Item[]): this {
    for (const item of items) this.#items.set(address(item), stored(item));
    return this;
  }

  /** Every item, in no particular order. */
  all(): Item[] {
    return [...this.#items.values()].map((item) => structuredClone(item));
  }
}

/** As the document client stores it: members that are undefined are left out. */
function stored(item: Item): Item {
  const present = Object.entries(structuredClone(item)).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(present), project: item.project, record: item.record };
}

function holds(condition: WriteCondition, present: Item | undefined): boolean {
  if (condition === 'any') return true;
  if (condition === 'new' || condition.revision === undefined) return present === undefined;
  return present?.['revision'] === condition.revision;
}

function address({ project, record }: RecordKey): string {
  return JSON.stringify([project, record]);
}
