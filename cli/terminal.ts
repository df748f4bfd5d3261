import type { Readable, Writable } from 'node:stream';

/** What the command is told of the world it runs in. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Where files and the local cloud are looked for. */
  readonly directory: string;
  /** Failures are told with their stack traces. */
  readonly debug: boolean;
}
