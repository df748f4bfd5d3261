import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { project, type World } from './world.ts';

/** All that Millrace remembers and decided: what an event delivered again must not change. */
export async function snapshot({ millrace, clients }: World) {
  const { data, training, serving } = millrace.outputs;
  const ledger: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: millrace.clients.dynamo },
    { TableName: data.LedgerTableName },
  )) {
    ledger.push(...Items);
  }
  const executions = async (stateMachineArn: string): Promise<string[]> => {
    const found = await clients.states.send(new ListExecutionsCommand({ stateMachineArn }));
    const names = (found.executions ?? []).flatMap(({ name }) => name ?? []);
    return names.toSorted((a, b) => a.localeCompare(b));
  };
  return {
    ledger: ledger.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b))),
    routing: await millrace.routing(project),
    versions: await millrace.versions(project),
    trainings: await executions(training.TrainingMachineArn),
    rollouts: await executions(serving.RolloutMachineArn),
  };
}

function keyOf(item: Record<string, unknown>): string {
  return `${String(item['project'])} ${String(item['record'])}`;
}
