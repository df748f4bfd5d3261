import { z } from 'zod';
import { projectName } from '../../lambdas/contracts/primitives.ts';
import { createClients } from './aws-clients.ts';
import { resolveCloud } from './cloud.ts';
import type { Cloud, ConnectOptions } from './cloud.ts';
import type { Connection } from './connection.ts';
import { decisions } from './decisions.ts';
import { drift } from './drift.ts';
import { explain } from './explain.ts';
import { logs } from './logs.ts';
import { MillraceError } from './millrace-error.ts';
import { models } from './models.ts';
import { readOutputs } from './outputs.ts';
import { predictions } from './predictions.ts';
import { rollbacks } from './rollbacks.ts';
import { routing } from './routing.ts';
import { runs } from './runs.ts';
import { status } from './status.ts';
import { uploads } from './uploads.ts';

/** A deployment of Millrace, local or in AWS, and all that a person can do with it. */
export type Millrace = Connection &
  ReturnType<typeof uploads> &
  ReturnType<typeof runs> &
  ReturnType<typeof decisions> &
  ReturnType<typeof models> &
  ReturnType<typeof predictions> &
  ReturnType<typeof routing> &
  ReturnType<typeof rollbacks> &
  ReturnType<typeof drift> &
  ReturnType<typeof logs> &
  ReturnType<typeof status> & {
    /** Lets go of every socket. */
    close(): void;
  };

const projectList = z.array(projectName);

/**
 * Finds a deployment. Without options it is the local cloud that `npm start` holds up for this folder.
 * A local cloud is only ever reached at loopback addresses and with dummy credentials.
 * @throws MillraceError when there is none, it does not answer, or it is not deployed
 */
export async function connect(options: ConnectOptions = {}): Promise<Millrace> {
  const cloud = await resolveCloud(options);
  const clients = createClients(cloud);
  try {
    const outputs = await readOutputs(clients.cloudFormation, cloud);
    const projects = projectList.parse(JSON.parse(outputs.data.Projects)).sort();
    return millraceOf({ cloud, clients, outputs, projects });
  } catch (error) {
    clients.destroy();
    throw asMillraceError(error, cloud);
  }
}

function millraceOf(connection: Connection): Millrace {
  return {
    ...connection,
    ...uploads(connection),
    ...runs(connection),
    ...decisions(connection),
    ...models(connection),
    ...predictions(connection),
    ...routing(connection),
    ...rollbacks(connection),
    ...drift(connection),
    ...logs(connection),
    ...status(connection),
    close: () => connection.clients.destroy(),
  };
}

function asMillraceError(error: unknown, cloud: Cloud): MillraceError {
  return error instanceof MillraceError ? error : new MillraceError(explain(error, cloud), { cause: error });
}
