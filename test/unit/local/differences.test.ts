import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environments, type FunctionPlatform } from '../../../infra/config/environments.ts';
import { loadProjects } from '../../../infra/load-projects.ts';
import { readDocument, root } from '../docs/markdown.ts';
import { differenceRows, explains, valueOf } from './difference-table.ts';
import { templateDifferences, templatesOf, type Difference } from './template-differences.ts';

// Lambda is x64 Linux: with this machine the platform's difference shows, whatever the test runs on.
const host: FunctionPlatform = { os: 'darwin', cpu: 'arm64' };
const { local, dev } = environments(host);
const rows = differenceRows(readDocument('local/README.md'));

type Key = keyof typeof local;
const keys = [...new Set([...Object.keys(local), ...Object.keys(dev)])] as Key[];
const differing = keys.filter((key) => !isDeepStrictEqual(local[key], dev[key]));
const shown = (value: unknown): string =>
  isDeepStrictEqual(value, host) ? 'this machine' : JSON.stringify(value);

describe('the table of local/README.md', () => {
  it('has a row for each value in which local differs from dev, and for no other', () => {
    const named = rows.flatMap(({ key }) => key ?? []);
    expect(named.toSorted()).toEqual(differing.toSorted());
  });

  it.each(differing)('says what %s is here and on AWS', (key) => {
    const row = rows.find((candidate) => candidate.key === key);
    expect({ local: valueOf(row?.local ?? ''), aws: valueOf(row?.aws ?? '') }).toEqual({
      local: shown(local[key]),
      aws: shown(dev[key]),
    });
  });

  it('leaves no cell empty, and names nothing twice', () => {
    expect(rows.filter(({ what, local: here, aws }) => !what || !here || !aws)).toEqual([]);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(differing.length);
  });
});

describe('the templates of local and dev', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-templates-'));
  let differences: Difference[];

  beforeAll(async () => {
    const projects = await loadProjects(root);
    const [ours, theirs] = [local, dev].map((environment) =>
      templatesOf(environment, projects, root, join(folder, environment.prefix)),
    );
    differences = templateDifferences(ours ?? [], theirs ?? []);
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const entries = rows.flatMap(({ templates }) => templates);

  it('differ in nothing that the table does not explain', () => {
    const unexplained = differences.filter(
      (difference) => !entries.some((entry) => explains(entry, difference)),
    );
    expect(unexplained).toEqual([]);
  });

  it('differ in everything that the table names', () => {
    const idle = entries.filter((entry) => !differences.some((difference) => explains(entry, difference)));
    expect(idle).toEqual([]);
    expect(entries).not.toEqual([]);
  });
});
