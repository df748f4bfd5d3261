import type { DynamoDbRouting } from '../../adapters/dynamodb-routing.ts';
import { ledgerKeys, versionRecord } from '../../contracts/ledger.ts';
import { rollBackCommand, type RollBackAnswer, type RollBackCommand } from '../../contracts/rollout-steps.ts';
import type { RouteTarget, RoutingTable } from '../../contracts/routing.ts';
import { ConflictError } from '../../domain/errors.ts';
import type { Records } from '../../domain/ports/records.ts';
import { rollBack, type Transition } from '../../domain/rollout/routing-transitions.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs } from '../../runtime/parse.ts';

/** Lost races before the person is asked to try again. */
const attempts = 5;
/** Registered versions named to somebody who asked for one that there is not. */
const versionsNamed = 20;

interface World {
  readonly routing: DynamoDbRouting;
  readonly ledger: Records;
  readonly now: () => string;
}

/** Goes back to an earlier model on a person's command, and says what was done or why nothing was. */
export function rollBackModel({ routing, ledger, now }: World) {
  return async (input: unknown): Promise<RollBackAnswer> => {
    const command = parseAs(rollBackCommand, input, 'the command');
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const table = await routing.read(command.project);
      const target = await findTarget(ledger, table, command);
      if (target === 'unknown') return refuse(table, await unknownVersion(ledger, table, command));
      const result = rollBack(table, target, { reasons: [command.reason], at: now() });
      if ('refused' in result) return refuse(table, `${command.project}: ${result.refused}`);
      if (!(await routing.move(table, result))) continue;
      logger.info('rolled back', { command, champion: result.next.champion.version });
      return done(table, result);
    }
    throw new ConflictError(
      `the routing of '${command.project}' was changed by others ${attempts} times in a row: try again`,
    );
  };
}

/** Versions that serve, or served last, stand in the routing table; older ones in the ledger. */
async function findTarget(
  ledger: Records,
  table: RoutingTable | undefined,
  { project, toVersion }: RollBackCommand,
): Promise<RouteTarget | undefined | 'unknown'> {
  if (toVersion === undefined || !table) return undefined;
  const routed = [table.champion, table.challenger, table.previous].find(
    (target) => target?.version === toVersion,
  );
  if (routed) return { version: routed.version, artifactUri: routed.artifactUri };
  const item = await ledger.read({ project, record: ledgerKeys.version(toVersion) });
  if (item === undefined) return 'unknown';
  const { artifactUri } = parseAs(versionRecord, item, `the record of version ${toVersion}`);
  return { version: toVersion, artifactUri };
}

async function unknownVersion(
  ledger: Records,
  table: RoutingTable | undefined,
  { project, toVersion }: RollBackCommand,
): Promise<string> {
  const registered = await ledger.list(project, 'version#', versionsNamed);
  const routed = [table?.champion, table?.challenger, table?.previous].flatMap(
    (target) => target?.version ?? [],
  );
  const known = new Set([
    ...registered.map((item) => parseAs(versionRecord, item, 'a record of a version').version),
    ...routed,
  ]);
  const names = [...known].toSorted((a, b) => b - a).join(', ');
  return `${project} has no version ${toVersion}: it has ${names}`;
}

function done(before: RoutingTable | undefined, { next }: Transition): RollBackAnswer {
  const champion = next.champion.version;
  const withdrawn = before?.challenger?.version;
  const loser = before?.champion.version === champion ? withdrawn : before?.champion.version;
  return {
    rolledBack: true,
    message: `${next.project}: version ${champion} answers all traffic again, version ${loser} none`,
    champion,
  };
}

function refuse(table: RoutingTable | undefined, message: string): RollBackAnswer {
  return { rolledBack: false, message, ...(table && { champion: table.champion.version }) };
}
