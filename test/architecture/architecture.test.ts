import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, sourcesOf } from './imports.ts';
import { rooms } from './rooms.ts';

const root = join(import.meta.dirname, '../..');
const list = (entries: readonly { file: string; target: string }[]): string[] =>
  entries.map(({ file, target }) => `${file} imports ${target}`);

describe('the house', () => {
  it.each(rooms)('$name imports only what its row of the table allows', ({ folder, allows }) => {
    const imports = sourcesOf(root, folder).flatMap((file) => importsOf(root, file));
    // An empty room, or a scan that sees nothing, must not pass.
    expect(imports.length).toBeGreaterThan(0);
    expect(list(imports.filter((entry) => !allows(entry)))).toEqual([]);
  });

  it('has every source file of the application in some room', () => {
    const housed = new Set(rooms.flatMap(({ folder }) => sourcesOf(root, folder)));
    const sources = ['lambdas', 'pipelines', 'infra', 'projects', 'cli', 'local'].flatMap((folder) =>
      sourcesOf(root, folder),
    );
    expect(sources.filter((file) => !housed.has(file))).toEqual([]);
  });

  it('imports only files that exist', () => {
    const files = new Set(rooms.flatMap(({ folder }) => sourcesOf(root, folder)));
    const broken = [...files]
      .flatMap((file) => importsOf(root, file))
      .filter(({ target }) => /\.(ts|mjs)$/.test(target) && !files.has(target));
    expect(list(broken)).toEqual([]);
  });
});

describe('handlers', () => {
  const handlers = readdirSync(join(root, 'lambdas/handlers'));

  it.each(handlers)('%s has its variables, its story and its wiring', (handler) => {
    const files = readdirSync(join(root, 'lambdas/handlers', handler));
    expect(files).toEqual(expect.arrayContaining(['env.ts', 'handler.ts', 'index.ts']));
    expect(handler).toMatch(/^[a-z]+(-[a-z]+)+$/);
  });

  it('reach technology in their wiring alone', () => {
    const outside = handlers
      .flatMap((handler) => sourcesOf(root, `lambdas/handlers/${handler}`))
      .filter((file) => !file.endsWith('/index.ts'))
      .flatMap((file) => importsOf(root, file))
      .filter(
        ({ target, typeOnly }) =>
          !typeOnly && (target.startsWith('@aws-sdk/') || target.startsWith('lambdas/adapters/')),
      );
    expect(list(outside)).toEqual([]);
  });

  it('declare their variables with zod and nothing else', () => {
    const imports = handlers.flatMap((handler) => importsOf(root, `lambdas/handlers/${handler}/env.ts`));
    expect(imports.length).toBeGreaterThanOrEqual(handlers.length);
    expect(list(imports.filter(({ target }) => target !== 'zod'))).toEqual([]);
  });
});

describe('the domain', () => {
  const sources = sourcesOf(root, 'lambdas/domain');

  it.each([
    ['clock', /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bset(Timeout|Interval)\(/],
    ['randomness', /\bMath\.random\(|\brandom(UUID|Bytes|Int)\b/],
    ['process', /\bprocess\.(env|cwd|argv)\b/],
    ['network', /\bfetch\(/],
  ])('has no %s but what it is given', (_what, pattern) => {
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});

describe('every source', () => {
  const sources = rooms.flatMap(({ folder }) => sourcesOf(root, folder));

  it('parses foreign JSON instead of casting it', () => {
    const casting = /JSON\.parse\([^;]*\)\s+as\s+(?!unknown\b)/;
    expect(sources.filter((file) => casting.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  it('swallows no error', () => {
    const swallowing = /catch\s*(\([^)]*\))?\s*\{\s*\}/;
    expect(sources.filter((file) => swallowing.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
