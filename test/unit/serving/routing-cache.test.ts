import { beforeEach, describe, expect, it } from 'vitest';
import type { RoutingTable } from '../../../lambdas/contracts/routing.ts';
import { RoutingCache } from '../../../lambdas/domain/serving/routing-cache.ts';

const row = (revision: number): RoutingTable => ({
  project: 'stones',
  revision,
  champion: { version: revision, artifactUri: 's3://artifacts/one' },
  updatedAt: '2026-11-20T12:00:00.000Z',
});

let now: number;
let stored: RoutingTable | undefined;
let reads: number;
let broken: boolean;
let failures: unknown[];
let cache: RoutingCache;

beforeEach(() => {
  [now, stored, reads, broken, failures] = [0, row(1), 0, false, []];
  cache = new RoutingCache({
    ttlMs: 1000,
    clock: () => now,
    onFailure: (_, error) => failures.push(error),
    read: async () => {
      reads += 1;
      const found = stored;
      await Promise.resolve();
      if (broken) throw new Error('throttled');
      return found;
    },
  });
});

const revisionAt = async (time: number): Promise<number | undefined> => {
  now = time;
  const routing = await cache.get('stones');
  // Lets a read in the background come to its end.
  await new Promise((resolve) => setImmediate(resolve));
  return routing?.revision;
};

describe('a routing row', () => {
  it('is read once within its lifetime, by any number of requests', async () => {
    await Promise.all([cache.get('stones'), cache.get('stones')]);
    stored = row(2);
    expect(await revisionAt(999)).toBe(1);
    expect(reads).toBe(1);
  });

  it('is given once more while it is read again', async () => {
    await revisionAt(0);
    stored = row(2);
    expect(await revisionAt(1000)).toBe(1);
    expect(await revisionAt(1001)).toBe(2);
    expect(reads).toBe(2);
  });

  it('is waited for when it is long out of date', async () => {
    await revisionAt(0);
    stored = row(2);
    expect(await revisionAt(10_000)).toBe(2);
  });

  it('serves on while it cannot be read, without a read for each request', async () => {
    await revisionAt(0);
    broken = true;
    expect(await revisionAt(10_000)).toBe(1);
    expect(await revisionAt(10_500)).toBe(1);
    expect(reads).toBe(2);
    expect(failures).toHaveLength(1);
    broken = false;
    stored = row(2);
    expect(await revisionAt(11_000)).toBe(2);
  });

  it('is an error when it was never read and cannot be', async () => {
    broken = true;
    await expect(cache.get('stones')).rejects.toThrow('throttled');
    broken = false;
    expect(await revisionAt(1)).toBe(1);
  });

  it('that was not there is never given as such beyond its lifetime', async () => {
    stored = undefined;
    expect(await revisionAt(0)).toBeUndefined();
    stored = row(1);
    expect(await revisionAt(1000)).toBe(1);
  });
});
