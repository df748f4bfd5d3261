import { ledgerKeys, runRecord } from '../../contracts/ledger.ts';
import type { RetrainingRequested } from '../../contracts/retraining-requested.ts';
import type { Executions } from '../../domain/ports/executions.ts';
import type { Records } from '../../domain/ports/records.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs } from '../../runtime/parse.ts';

interface World {
  readonly records: Records;
  readonly executions: Executions;
}

/** Starts the training machine for a request, once for each run, and notes the execution in the run's record. */
export function startTraining({ records, executions }: World) {
  return async (request: RetrainingRequested): Promise<void> => {
    const { project, runId } = request;
    const key = { project, record: ledgerKeys.run(runId) };
    const before = parseAs(runRecord, await records.read(key), `the record of run ${runId}`);
    if (before.state !== 'requested') return;
    const executionArn = await executions.start(runId, request);
    const noted = await records.commit([
      {
        item: { ...before, revision: before.revision + 1, state: 'running', executionArn },
        condition: { revision: before.revision },
      },
    ]);
    // A very short run may have been closed before its start was noted.
    logger.info(noted ? 'training started' : 'training was started and noted by another', { project, runId });
  };
}
