import { afterAll, beforeAll } from 'vitest';
import { type Ministack, startMinistack } from '../../support/ministack.ts';

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Starts an emulator for the tests of one file. @returns what gives the settings of its clients, once tests run */
export function emulator(): () => ClientConfig {
  let ministack: Ministack | undefined;
  beforeAll(async () => {
    ministack = await startMinistack();
  }, 60_000);
  afterAll(() => ministack?.stop(), 30_000);
  return () => {
    if (!ministack)
      throw new Error('the emulator is started before the first test, not while tests are collected');
    return {
      endpoint: ministack.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  };
}
