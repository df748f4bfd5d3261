import { describe, expect, it } from 'vitest';
import { environments, type Environment } from '../../../infra/config/environments.ts';
import { readDocument, tableOf } from './markdown.ts';

const { dev, staging, prod } = environments({ os: 'linux', cpu: 'x64' });
const onAws = [dev, staging, prod];

describe('the environments in docs/deploying.md', () => {
  it('differ in what the table says, and in nothing else', () => {
    const keys = Object.keys(dev) as (keyof Environment)[];
    const differing = keys.filter(
      (key) => new Set(onAws.map((environment) => JSON.stringify(environment[key]))).size > 1,
    );
    expect(differing.toSorted()).toEqual(['dataRemoval', 'logRetentionDays', 'prefix']);
  });

  it('keep logs and data as it says', () => {
    const rows = tableOf(readDocument('docs/deploying.md'), 'Value');
    const cells = (name: string) => rows.find(([first]) => first === name)?.slice(1);
    expect(cells('logs')).toEqual(onAws.map(({ logRetentionDays }) => `${logRetentionDays} days`));
    expect(cells('data, when deleted')?.map((cell) => cell.startsWith('stays'))).toEqual(
      onAws.map(({ dataRemoval }) => dataRemoval === 'retain'),
    );
  });
});
