import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readColumns } from '../../../lambdas/adapters/duckdb-parquet-reader.ts';
import { parquetOf } from '../../builders/parquet-files.ts';
import { temporaryDirectory } from '../../builders/temporary-directory.ts';

async function fileOf(sql: string): Promise<string> {
  const path = join(temporaryDirectory(), "it's a file.parquet");
  writeFileSync(path, await parquetOf(sql));
  return path;
}

describe('readColumns', () => {
  it('reads the columns asked for, in order, with missing values as null', async () => {
    const path = await fileOf(
      `SELECT i / 2 AS half, CASE WHEN i > 0 THEN 'é' || i END AS "a name", i FROM range(3) t(i)`,
    );
    expect(await readColumns(path, ['a name', 'half', 'i'])).toEqual({
      'a name': [null, 'é1', 'é2'],
      half: [0, 0.5, 1],
      i: [0, 1, 2],
    });
  });

  it('reads several files one after the other, by name, up to a limit', async () => {
    const first = await fileOf('SELECT i AS a, 0 AS b FROM range(3) t(i)');
    const second = await fileOf('SELECT 1 AS b, i + 10 AS a FROM range(3) t(i)');
    expect(await readColumns([first, second], ['a'], 5)).toEqual({ a: [0, 1, 2, 10, 11] });
    expect(await readColumns([second, first], ['b'])).toEqual({ b: [1, 1, 1, 0, 0, 0] });
  });

  it('fails for a column that is not there, and for values that are neither numbers nor texts', async () => {
    const path = await fileOf('SELECT [1] AS list');
    await expect(readColumns(path, ['other'])).rejects.toThrow(/other/);
    await expect(readColumns(path, ['list'])).rejects.toThrow(/'list' holds object values/);
  });
});
