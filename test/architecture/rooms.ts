import type { Import } from './imports.ts';

/** A room of the house and what its files may import. */
export interface Room {
  readonly name: string;
  /** Folder from the checkout's root. */
  readonly folder: string;
  /** Says whether an import that leaves the file is one that the room may have. */
  readonly allows: (entry: Import) => boolean;
}

const inFolder =
  (folder: string) =>
  ({ target }: Import): boolean =>
    target.startsWith(`${folder}/`);
const packages =
  (...names: readonly string[]) =>
  ({ target }: Import): boolean =>
    names.some((name) => (name.endsWith('*') ? target.startsWith(name.slice(0, -1)) : target === name));
const typesOf =
  (rule: (entry: Import) => boolean) =>
  (entry: Import): boolean =>
    entry.typeOnly && rule(entry);
const any =
  (...rules: readonly ((entry: Import) => boolean)[]) =>
  (entry: Import): boolean =>
    rules.some((rule) => rule(entry));

const contracts = inFolder('lambdas/contracts');
const domain = inFolder('lambdas/domain');
const adapters = inFolder('lambdas/adapters');
const runtime = inFolder('lambdas/runtime');
const builtIns = packages('node:*');

/** Imports from the handler's own folder. */
const ownFolder = ({ file, target }: Import): boolean =>
  target.startsWith(`${file.split('/').slice(0, 3).join('/')}/`);

/**
 * The table of the house. Hashing and telling UTF-8 are pure, so the domain may have `node:crypto` and `node:buffer`; it has no clock, no randomness and
 * nothing that reaches outside.
 */
export const rooms: readonly Room[] = [
  { name: 'contracts', folder: 'lambdas/contracts', allows: any(contracts, packages('zod')) },
  {
    name: 'domain',
    folder: 'lambdas/domain',
    allows: any(domain, typesOf(contracts), packages('node:crypto', 'node:buffer')),
  },
  {
    name: 'adapters',
    folder: 'lambdas/adapters',
    allows: any(
      adapters,
      domain,
      contracts,
      builtIns,
      packages('@aws-sdk/*', 'onnxruntime-node', '@duckdb/node-api', 'tar', 'zod'),
    ),
  },
  {
    name: 'runtime',
    folder: 'lambdas/runtime',
    allows: any(
      runtime,
      contracts,
      ({ target }) => target === 'lambdas/domain/errors.ts',
      typesOf(inFolder('lambdas/domain/ports')),
      builtIns,
      packages('@aws-lambda-powertools/*', 'zod'),
      typesOf(packages('aws-lambda')),
    ),
  },
  {
    name: 'handlers',
    folder: 'lambdas/handlers',
    allows: any(
      ownFolder,
      contracts,
      domain,
      adapters,
      runtime,
      builtIns,
      packages('@aws-sdk/*', 'zod'),
      typesOf(packages('aws-lambda')),
    ),
  },
  {
    name: 'pipelines',
    folder: 'pipelines',
    allows: any(inFolder('pipelines'), contracts, packages('aws-cdk-lib', 'constructs')),
  },
  { name: 'projects', folder: 'projects', allows: contracts },
  {
    name: 'infra',
    folder: 'infra',
    allows: any(
      inFolder('infra'),
      inFolder('pipelines'),
      inFolder('projects'),
      contracts,
      typesOf(({ target }) => /^lambdas\/handlers\/[^/]+\/env\.ts$/.test(target)),
      builtIns,
      packages('aws-cdk-lib', 'constructs', 'cdk-nag', 'esbuild'),
      typesOf(packages('zod')),
    ),
  },
  {
    name: 'cli',
    folder: 'cli',
    allows: any(inFolder('cli'), contracts, builtIns, packages('@aws-sdk/*', 'commander', 'zod')),
  },
  {
    // The story uses the cloud as a person does: through the command's own client.
    name: 'local',
    folder: 'local',
    allows: any(
      inFolder('local'),
      inFolder('cli/client'),
      contracts,
      builtIns,
      packages('@aws-sdk/*', 'zod'),
    ),
  },
];
