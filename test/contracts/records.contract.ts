import { describe, expect, test } from 'vitest';
import type { Records } from '../../lambdas/domain/ports/records.ts';

const item = (record: string, revision: number, more: Record<string, unknown> = {}) => ({
  project: 'p',
  record,
  revision,
  ...more,
});

/** What every `Records` must do. @param make gives one without records */
export function recordsContract(name: string, make: () => Promise<Records>): void {
  describe(`records: ${name}`, () => {
    test('what was never written is undefined', async () => {
      expect(await (await make()).read({ project: 'p', record: 'a' })).toBeUndefined();
    });

    test('an item is read as it was written, without its undefined members', async () => {
      const records = await make();
      const written = item('a', 1, { deep: { list: [1, 'two', null, true] }, absent: undefined, text: '' });
      expect(await records.commit([{ item: written, condition: 'new' }])).toBe(true);
      expect(await records.read({ project: 'p', record: 'a' })).toStrictEqual(
        item('a', 1, { deep: { list: [1, 'two', null, true] }, text: '' }),
      );
      expect(await records.read({ project: 'q', record: 'a' })).toBeUndefined();
    });

    test("'new' is won once", async () => {
      const records = await make();
      expect(await records.commit([{ item: item('a', 1), condition: 'new' }])).toBe(true);
      expect(await records.commit([{ item: item('a', 2), condition: 'new' }])).toBe(false);
      expect(await records.read({ project: 'p', record: 'a' })).toEqual(item('a', 1));
    });

    test('a revision is a condition: as read, or not yet there', async () => {
      const records = await make();
      const write = (revision: number, expected: number | undefined) =>
        records.commit([{ item: item('a', revision), condition: { revision: expected } }]);
      expect(await write(2, 1)).toBe(false);
      expect(await write(1, undefined)).toBe(true);
      expect(await write(1, undefined)).toBe(false);
      expect(await write(3, 2)).toBe(false);
      expect(await write(2, 1)).toBe(true);
      expect(await records.read({ project: 'p', record: 'a' })).toEqual(item('a', 2));
    });

    test("'any' overwrites the item whole", async () => {
      const records = await make();
      await records.commit([{ item: item('a', 1, { old: true }), condition: 'any' }]);
      expect(await records.commit([{ item: item('a', 5), condition: 'any' }])).toBe(true);
      expect(await records.read({ project: 'p', record: 'a' })).toEqual(item('a', 5));
    });

    test('a commit is all or nothing', async () => {
      const records = await make();
      await records.commit([{ item: item('taken', 1), condition: 'new' }]);
      const both = await records.commit([
        { item: item('free', 1), condition: 'new' },
        { item: item('taken', 2), condition: 'new' },
      ]);
      expect(both).toBe(false);
      expect(await records.read({ project: 'p', record: 'free' })).toBeUndefined();
      expect(await records.read({ project: 'p', record: 'taken' })).toEqual(item('taken', 1));
    });

    test('of two commits at once, one wins', async () => {
      const records = await make();
      const won = await Promise.all(
        [1, 2, 3, 4].map((revision) => records.commit([{ item: item('a', revision), condition: 'new' }])),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await records.read({ project: 'p', record: 'a' })).toEqual(item('a', won.indexOf(true) + 1));
    });

    test('one record twice in a commit is a mistake, not a lost race', async () => {
      const records = await make();
      const twice = { item: item('a', 1), condition: 'any' } as const;
      await expect(records.commit([twice, twice])).rejects.toThrow();
      expect(await records.read({ project: 'p', record: 'a' })).toBeUndefined();
    });

    test('a list has the records of a prefix, largest key first, at most as many as asked', async () => {
      const records = await make();
      for (const record of ['version#000002', 'version#000010', 'version#000001', 'run#a']) {
        await records.commit([{ item: item(record, 1), condition: 'new' }]);
      }
      await records.commit([{ item: { project: 'q', record: 'version#000009' }, condition: 'new' }]);
      const keys = async (prefix: string, limit: number): Promise<unknown[]> =>
        (await records.list('p', prefix, limit)).map((found) => Object(found).record as unknown);
      expect(await keys('version#', 10)).toEqual(['version#000010', 'version#000002', 'version#000001']);
      expect(await keys('version#', 2)).toEqual(['version#000010', 'version#000002']);
      expect(await keys('nothing#', 2)).toEqual([]);
    });

    test('what is read is a copy', async () => {
      const records = await make();
      await records.commit([{ item: item('a', 1, { list: [1] }), condition: 'new' }]);
      const read = Object(await records.read({ project: 'p', record: 'a' })) as { list: number[] };
      read.list.push(2);
      expect(await records.read({ project: 'p', record: 'a' })).toEqual(item('a', 1, { list: [1] }));
    });
  });
}
