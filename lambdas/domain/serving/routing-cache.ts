import type { RoutingTable } from '../../contracts/routing.ts';

interface Known {
  readonly routing: RoutingTable | undefined;
  /** When it was read, in milliseconds. */
  readonly readAt: number;
}

interface Entry {
  known: Known | undefined;
  reading: Promise<void> | undefined;
  /** When the last read failed, in milliseconds. */
  failedAt: number;
}

export interface RoutingCacheOptions {
  /** Reads a project's routing row; undefined when there is none. */
  readonly read: (project: string) => Promise<RoutingTable | undefined>;
  readonly ttlMs: number;
  /** Any rising clock, in milliseconds. */
  readonly clock: () => number;
  /** Told of a read that failed while a known row serves on. */
  readonly onFailure: (project: string, error: unknown) => void;
}

/** A row older than this many lifetimes is waited for: behind a rollback, nobody should meet a version long gone. */
const waitAfterLifetimes = 10;

/**
 * Routing rows by project. Within its lifetime a row is given as it is; after that it is given once more while it is
 * read again; long after that, the read is waited for. While reading fails, the last known row serves on.
 */
export class RoutingCache {
  readonly #options: RoutingCacheOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: RoutingCacheOptions) {
    this.#options = options;
  }

  /** @throws what the read threw, when no row of the project was ever read */
  async get(project: string): Promise<RoutingTable | undefined> {
    const entry = this.#entry(project);
    const { known } = entry;
    // That there is no model yet is never given stale: its first answer should come with the model.
    const age = this.#options.clock() - (known?.readAt ?? -Infinity);
    if (known && age < this.#options.ttlMs) return known.routing;
    const mayBeStale = known?.routing !== undefined;
    if (mayBeStale && this.#options.clock() - entry.failedAt < this.#options.ttlMs) return known.routing;

    entry.reading ??= this.#read(project, entry);
    const quiet = entry.reading.catch((error: unknown) => {
      if (!entry.known) throw error;
    });
    if (mayBeStale && age < waitAfterLifetimes * this.#options.ttlMs) return known.routing;
    await quiet;
    return entry.known?.routing;
  }

  async #read(project: string, entry: Entry): Promise<void> {
    try {
      const routing = await this.#options.read(project);
      entry.known = { routing, readAt: this.#options.clock() };
    } catch (error) {
      entry.failedAt = this.#options.clock();
      this.#options.onFailure(project, error);
      throw error;
    } finally {
      entry.reading = undefined;
    }
  }

  #entry(project: string): Entry {
    const entry = this.#entries.get(project) ?? { known: undefined, reading: undefined, failedAt: -Infinity };
    this.#entries.set(project, entry);
    return entry;
  }
}
