import { z } from 'zod';
import { environmentNames } from '../../lambdas/contracts/deployment.ts';
import type { LocalCloud } from '../../lambdas/contracts/deployment.ts';
import { findLocalCloud } from './local-cloud-file.ts';
import { requireLoopback, samePlace } from './loopback.ts';
import { MillraceError } from './millrace-error.ts';

export interface ConnectOptions {
  /** `local`, `dev`, `staging` or `prod`; the local cloud of `cwd` when absent. */
  readonly env?: string | undefined;
  /** Where `.millrace/local.json` is looked for, and in its parents. @default the process's own */
  readonly cwd?: string | undefined;
  /** A local cloud or another emulator on this machine. @default the one that `npm start` holds up */
  readonly endpoint?: string | undefined;
  /** @default what belongs to `endpoint` */
  readonly sageMakerEndpoint?: string | undefined;
  /** Of the stacks' names. @default `millrace-<env>` */
  readonly prefix?: string | undefined;
  /** @default the local cloud's, or AWS's ambient one */
  readonly region?: string | undefined;
}

/** A cloud on this machine: reached with dummy credentials, at loopback addresses only. */
export interface LocalPlace {
  readonly kind: 'local';
  readonly environment: string;
  readonly prefix: string;
  readonly region: string;
  readonly endpoint: string;
  readonly sageMakerEndpoint: string;
}

/** An environment in AWS: reached with the ambient credentials. */
export interface AwsPlace {
  readonly kind: 'aws';
  readonly environment: string;
  readonly prefix: string;
  /** The ambient one when absent. */
  readonly region?: string | undefined;
}

export type Cloud = LocalPlace | AwsPlace;

const environmentName = z.enum(environmentNames);
const defaultRegion = 'us-east-1';

/**
 * Settles which cloud is meant, without talking to any.
 * @throws MillraceError when nothing is meant, the environment is unknown, or an endpoint is not loopback
 */
export async function resolveCloud(options: ConnectOptions): Promise<Cloud> {
  const environment = options.env === undefined ? undefined : parseEnvironment(options.env);
  if (options.endpoint === undefined && environment !== undefined && environment !== 'local') {
    return {
      kind: 'aws',
      environment,
      prefix: options.prefix ?? `millrace-${environment}`,
      region: options.region,
    };
  }
  const found = await findLocalCloud(options.cwd ?? process.cwd());
  const endpoint = options.endpoint ?? found?.endpoint;
  if (endpoint === undefined) {
    throw new MillraceError(
      'no local cloud runs for this folder: start the local cloud with `npm start`, or name an environment with --env',
    );
  }
  return localPlace(options, environment ?? 'local', requireLoopback(endpoint, 'the endpoint'), found);
}

function localPlace(
  options: ConnectOptions,
  environment: string,
  endpoint: string,
  found: LocalCloud | undefined,
): LocalPlace {
  // What local.json says of another cloud must not be mixed with this endpoint.
  const same = found && samePlace(found.endpoint, endpoint) ? found : undefined;
  const ownPrefix = environment === 'local' ? same?.prefix : undefined;
  return {
    kind: 'local',
    environment,
    prefix: options.prefix ?? ownPrefix ?? `millrace-${environment}`,
    region: options.region ?? same?.region ?? defaultRegion,
    endpoint,
    sageMakerEndpoint: requireLoopback(
      options.sageMakerEndpoint ?? same?.sageMakerEndpoint ?? endpoint,
      'the SageMaker endpoint',
    ),
  };
}

function parseEnvironment(name: string): z.infer<typeof environmentName> {
  const parsed = environmentName.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new MillraceError(`there is no environment '${name}': use ${environmentName.options.join(', ')}`);
}

/** The command that deploys what is missing, as a person types it. */
export function deployCommand(cloud: Cloud): string {
  return cloud.kind === 'local' ? '`npm start`' : `\`npx cdk deploy --all -c env=${cloud.environment}\``;
}
