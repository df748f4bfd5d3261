import { LocalCloudError, loopbackEndpoint } from '../../local/loopback.ts';

export interface SuiteArguments {
  /** An emulator that runs already; the suite starts one of its own when absent. */
  readonly endpoint: string | undefined;
  /** Where the local SageMaker listens; a free port when absent. */
  readonly sageMakerPort: number | undefined;
  /** For vitest, as they came. */
  readonly vitest: readonly string[];
}

export const usage =
  'usage: npm run test:emulator -- [--endpoint http://127.0.0.1:4566 --sagemaker-port <number>] [vitest arguments]';

/**
 * Reads the suite's own options out of a command line; the rest is vitest's.
 * @throws LocalCloudError for an endpoint that is not loopback, a port that is none, and an option without its value
 */
export function readArguments(args: readonly string[]): SuiteArguments {
  const own = new Map<string, string>();
  const vitest: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const [, name, value] = /^--(endpoint|sagemaker-port)(?:=(.*))?$/s.exec(args[i] ?? '') ?? [];
    if (name === undefined) {
      vitest.push(args[i] ?? '');
      continue;
    }
    const given = value ?? args[(i += 1)];
    if (given === undefined || given === '') throw new LocalCloudError(`--${name} needs a value\n${usage}`);
    own.set(name, given);
  }
  const endpoint = own.get('endpoint');
  if (endpoint !== undefined) loopbackEndpoint(endpoint);
  const port = own.get('sagemaker-port');
  return {
    endpoint: endpoint?.replace(/\/+$/, ''),
    sageMakerPort: port === undefined ? undefined : readPort(port),
    vitest,
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new LocalCloudError(`--sagemaker-port takes a number from 1 to 65535, not '${text}'\n${usage}`);
}
