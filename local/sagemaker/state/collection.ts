import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../errors.ts';

/** An event that the bus has not yet accepted. `order` counts across all collections of one server. */
export const pendingEvent = z.strictObject({
  id: z.string(),
  order: z.number(),
  time: z.number(),
  detailType: z.string(),
  resource: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type PendingEvent = z.infer<typeof pendingEvent>;

interface Stored<Item> {
  readonly record: Item;
  readonly deleted: boolean;
  readonly outbox: readonly PendingEvent[];
}

/**
 * Records of one kind, one JSON file each, all in memory. A record and the events that announce its change lie in the
 * same file and are written by one rename, so neither can survive a crash without the other. Writing is synchronous on
 * purpose: no request ever sees another one's half-made change.
 */
export class Collection<Item> {
  readonly #folder: string;
  readonly #items = new Map<string, Stored<Item>>();

  /** Throws, naming the file, when a stored file cannot be understood. */
  constructor(folder: string, schema: z.ZodType<Item>) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    const file = z.strictObject({
      key: z.string(),
      record: schema,
      deleted: z.boolean(),
      outbox: z.array(pendingEvent),
    });
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (!name.endsWith('.json')) {
        rmSync(path, { force: true });
        continue;
      }
      try {
        const { key, ...stored } = file.parse(JSON.parse(readFileSync(path, 'utf8')));
        this.#items.set(key, stored);
      } catch (error) {
        throw new Error(`The state file ${path} cannot be read (remove it to go on): ${messageOf(error)}`, {
          cause: error,
        });
      }
    }
  }

  /** Keys are the caller's names without regard to case, as file systems may have none. */
  get(key: string): Item | undefined {
    const stored = this.#items.get(key.toLowerCase());
    return stored === undefined || stored.deleted ? undefined : stored.record;
  }

  list(): Item[] {
    return [...this.#items.values()].filter(({ deleted }) => !deleted).map(({ record }) => record);
  }

  put(key: string, record: Item, events: readonly PendingEvent[] = []): void {
    const outbox = [...(this.#items.get(key.toLowerCase())?.outbox ?? []), ...events];
    this.#write(key.toLowerCase(), { record, deleted: false, outbox });
  }

  /** The file stays until the last of its events is accepted by the bus. */
  remove(key: string, record: Item, events: readonly PendingEvent[] = []): void {
    const outbox = [...(this.#items.get(key.toLowerCase())?.outbox ?? []), ...events];
    this.#settle(key.toLowerCase(), { record, deleted: true, outbox });
  }

  pendingEvents(): PendingEvent[] {
    return [...this.#items.values()].flatMap(({ outbox }) => outbox);
  }

  acknowledge(ids: ReadonlySet<string>): void {
    for (const [key, stored] of this.#items) {
      const outbox = stored.outbox.filter(({ id }) => !ids.has(id));
      if (outbox.length < stored.outbox.length) this.#settle(key, { ...stored, outbox });
    }
  }

  #settle(key: string, stored: Stored<Item>): void {
    if (stored.deleted && stored.outbox.length === 0) {
      rmSync(this.#pathOf(key), { force: true });
      this.#items.delete(key);
    } else {
      this.#write(key, stored);
    }
  }

  #write(key: string, stored: Stored<Item>): void {
    const path = this.#pathOf(key);
    const temporary = `${path}.new`;
    const file = openSync(temporary, 'w');
    try {
      writeSync(file, JSON.stringify({ key, ...stored }, null, 2));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    this.#items.set(key, stored);
  }

  #pathOf(key: string): string {
    return join(this.#folder, `${key.replaceAll('/', '.')}.json`);
  }
}
