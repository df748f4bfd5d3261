import { tmpdir } from 'node:os';
import { afterEach, beforeEach } from 'vitest';
import { connect } from '../../../cli/client/connect.ts';
import type { Millrace } from '../../../cli/client/connect.ts';
import { FakeCloud } from './fake-cloud.ts';

/** A fresh fake cloud for each test, and connections to it that end with the test. */
export function withCloud() {
  let cloud: FakeCloud;
  let opened: Millrace[] = [];

  beforeEach(async () => {
    cloud = await new FakeCloud().start();
    opened = [];
  });

  afterEach(async () => {
    for (const millrace of opened) millrace.close();
    await cloud.stop();
  });

  return {
    get cloud() {
      return cloud;
    },
    async connect(): Promise<Millrace> {
      const millrace = await connect({ endpoint: cloud.url, cwd: tmpdir() });
      opened.push(millrace);
      return millrace;
    },
  };
}
