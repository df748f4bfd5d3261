import { ledgerKeys, runRecord } from '../../lambdas/contracts/ledger.ts';
import type { RunRecord } from '../../lambdas/contracts/ledger.ts';
import type { Connection } from './connection.ts';
import { tableReader } from './table-reader.ts';

/** Runs of the training machine. */
export function runs({ clients, outputs }: Connection) {
  const ledger = tableReader(clients.dynamo, outputs.data.LedgerTableName);

  return {
    /** Newest first. */
    async runs(project: string): Promise<RunRecord[]> {
      const found = await ledger.list(project, ledgerKeys.run(''), runRecord);
      return found.sort((a, b) => b.requestedAt.localeCompare(a.requestedAt));
    },

    /** Undefined when there is no such run. */
    run: (project: string, runId: string): Promise<RunRecord | undefined> =>
      ledger.get(project, ledgerKeys.run(runId), runRecord),
  };
}
