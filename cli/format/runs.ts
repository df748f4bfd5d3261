import type { RunRecord } from '../../lambdas/contracts/ledger.ts';
import type { Paint } from '../output.ts';
import { formatMetrics } from './metrics.ts';
import { stateCell } from './state-style.ts';
import { table } from './table.ts';
import { ago, span } from './time.ts';

export function formatRuns(project: string, runs: readonly RunRecord[], now: Date, paint: Paint): string {
  if (runs.length === 0) return `no runs yet: millrace upload ${project} <file>`;
  const rows = runs.map((run) => [
    run.runId,
    stateCell(run.state),
    run.version,
    run.cause,
    run.datasetRows,
    ago(run.requestedAt, now),
    span(
      (run.finishedAt === undefined ? now.getTime() : Date.parse(run.finishedAt)) -
        Date.parse(run.requestedAt),
    ),
    run.state === 'failed' || run.state === 'rejected' ? run.reasons.join('; ') : formatMetrics(run.metrics),
  ]);
  return table(['RUN', 'STATE', 'VERSION', 'CAUSE', 'ROWS', 'REQUESTED', 'TOOK', 'RESULT'], rows, paint);
}
