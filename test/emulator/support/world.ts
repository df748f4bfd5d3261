import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type Millrace } from '../../../cli/client/connect.ts';
import { waitFor } from '../../../cli/client/wait-for.ts';
import { localCloud, type LocalCloud } from '../../../lambdas/contracts/deployment.ts';
import type { DecisionRecord, ObjectRecord, RunRecord } from '../../../lambdas/contracts/ledger.ts';
import type { RawObject } from '../../../lambdas/contracts/primitives.ts';
import { createRawClients, type RawClients } from './clients.ts';
import { Consumers } from './consumers.ts';
import { DataFiles } from './data-files.ts';
import { Api } from './http.ts';
import { RecordedEvents } from './recorded-events.ts';

/** The project that the suite works with. */
export const project = 'breast-cancer';

/** The deployment under test, seen from outside: through AWS's APIs, HTTP and the command line's client. */
export interface World {
  readonly cloud: LocalCloud;
  readonly millrace: Millrace;
  readonly clients: RawClients;
  readonly events: RecordedEvents;
  readonly consumers: Consumers;
  readonly api: Api;
  readonly files: DataFiles;
  close(): void;
}

/** Finds the deployment that `test/emulator/run.ts` made. @throws a sentence when there is none */
export async function openWorld(): Promise<World> {
  const folder = process.env['MILLRACE_SUITE_FOLDER'];
  if (folder === undefined) {
    throw new Error('the emulator suite needs a deployment: start it by `npm run test:emulator`');
  }
  const cloud = localCloud.parse(JSON.parse(await readFile(join(folder, 'local.json'), 'utf8')));
  const millrace = await connect(cloud);
  const clients = createRawClients(cloud);
  return {
    cloud,
    millrace,
    clients,
    events: await RecordedEvents.start(clients, millrace.outputs.data.EventBusName),
    consumers: new Consumers(clients, cloud.prefix),
    api: new Api(millrace.outputs.serving.ApiUrl),
    files: new DataFiles(join(folder, 'data')),
    close: () => {
      millrace.close();
      clients.destroy();
    },
  };
}

/** Waits for what ingest says of an upload. */
export async function verdictOn({ millrace }: World, { key, versionId }: RawObject): Promise<ObjectRecord> {
  const [owner = ''] = key.split('/');
  return waitFor(`the verdict on ${key}`, () => millrace.objectRecord(owner, key, versionId), {
    timeoutMs: 60_000,
    intervalMs: 100,
  });
}

/** Waits for an answer of the retraining policy. */
export async function decision(
  { millrace }: World,
  what: string,
  matches: (found: DecisionRecord) => boolean,
): Promise<DecisionRecord> {
  return waitFor(
    `the policy to answer ${what}`,
    async (saw) => {
      const found = await millrace.decisions(project);
      saw(found.slice(0, 3));
      return found.find(matches);
    },
    { timeoutMs: 60_000, intervalMs: 100 },
  );
}

/** Waits until a run has ended. */
export async function ended({ millrace }: World, runId: string): Promise<RunRecord> {
  return waitFor(
    `run ${runId} to end`,
    async (saw) => {
      const run = await millrace.run(project, runId);
      saw(run);
      return run && ['registered', 'rejected', 'failed'].includes(run.state) ? run : undefined;
    },
    { timeoutMs: 120_000, intervalMs: 100 },
  );
}

/** Asks for a retraining in a person's name and waits for the policy's yes. @returns the run */
export async function retrain(world: World, reason: string): Promise<string> {
  const known = new Set((await world.millrace.decisions(project)).map(({ decisionId }) => decisionId));
  await world.millrace.retrain(project, reason);
  const { answer, reasons, runId } = await decision(
    world,
    reason,
    ({ cause, decisionId }) => cause === 'person' && !known.has(decisionId),
  );
  if (answer !== 'requested' || runId === undefined) throw new Error(`declined: ${reasons.join('; ')}`);
  return runId;
}
