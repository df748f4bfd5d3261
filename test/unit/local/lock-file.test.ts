import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const dependencies = z.record(z.string(), z.string()).default({});
const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        resolved: z.string().optional(),
        optionalDependencies: dependencies,
        inBundle: z.boolean().default(false),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8')));

describe('the lock file', () => {
  // npm leaves out what a registry did not have at the time, and then refuses to install from the file at all.
  it('holds the parts of every platform, so that a Mac installs from it too', () => {
    const names = new Set(
      Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)),
    );
    const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies }) =>
      Object.keys(optionalDependencies),
    );
    expect(wanted).toContain('@duckdb/node-bindings-darwin-arm64');
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });

  it('names no address to download from', () => {
    const addressed = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
    expect(addressed.map(([path]) => path)).toEqual([]);
  });
});
