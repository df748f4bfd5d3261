import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HandlerBundles } from '../../infra/bundling/handler-bundles.ts';
import { loadProjects } from '../../infra/load-projects.ts';
import { temporaryDirectory } from '../builders/temporary-directory.ts';
import {
  bundleWithoutTools,
  digest,
  filesIn,
  nativeFiles,
  platformOf,
  unzippedBytes,
  zippedBytes,
} from './support/bundle.ts';
import { root } from './support/checkout.ts';

const mebibyte = 1024 * 1024;
const x64 = { os: 'linux', cpu: 'x64' } as const;
const heavy = {
  'serve-predictions': { native: ['onnxruntime-node'], withProjects: true },
  'ingest-object': { native: ['@duckdb/node-api'], withProjects: true },
  'evaluate-challenger': { native: ['onnxruntime-node', '@duckdb/node-api'], withProjects: true },
} as const;

const output = mkdtempSync(join(tmpdir(), 'millrace-bundles-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

describe('bundles for Lambda’s x86_64, made without any program in PATH', () => {
  beforeAll(() => bundleWithoutTools({ output, platform: x64, bundles: heavy }));

  it.each(Object.keys(heavy))('%s holds the natives of one platform and fits into Lambda', (handler) => {
    const files = filesIn(join(output, handler));
    const natives = nativeFiles(files);
    expect(natives.length).toBeGreaterThan(0);
    expect([...new Set(natives.map(platformOf))]).toEqual(['linux x64']);
    expect(unzippedBytes(files)).toBeLessThan(250 * mebibyte);
  });

  it('serve-predictions is small enough for a quick cold start', () => {
    expect(zippedBytes(filesIn(join(output, 'serve-predictions')))).toBeLessThanOrEqual(20 * mebibyte);
  });

  it('the projects lie beside the code', async () => {
    const projects = filesIn(join(output, 'ingest-object')).find(({ path }) => path === 'projects.json');
    expect(JSON.parse(projects?.content.toString() ?? '')).toEqual(await loadProjects(root));
  });

  it('the same sources give the same bytes elsewhere', async () => {
    const again = temporaryDirectory();
    await bundleWithoutTools({ output: again, platform: x64, bundles: heavy });
    for (const handler of Object.keys(heavy)) {
      expect(digest(filesIn(join(again, handler)))).toBe(digest(filesIn(join(output, handler))));
    }
  });
});

it('for arm64 the natives are those of arm64', async () => {
  const folder = temporaryDirectory();
  await bundleWithoutTools({
    output: folder,
    platform: { os: 'linux', cpu: 'arm64' },
    bundles: { 'serve-predictions': heavy['serve-predictions'] },
  });
  const files = filesIn(join(folder, 'serve-predictions'));
  expect([...new Set(nativeFiles(files).map(platformOf))]).toEqual(['linux arm64']);
  expect(unzippedBytes(files)).toBeLessThan(250 * mebibyte);
});

it('a native package that is not there is named, with what fetches it', () => {
  const bundles = new HandlerBundles({
    root,
    platform: { os: 'darwin', cpu: 'x64' },
    projects: {},
    output: temporaryDirectory(),
  });
  expect(() =>
    bundles.folderOf('ingest-object', { native: ['@duckdb/node-api'], withProjects: false }),
  ).toThrow(/^the native package @duckdb\/node-bindings-darwin-x64 is not installed .* run `npm run setup`/);
});
