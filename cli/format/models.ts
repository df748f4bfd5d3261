import type { ModelVersion } from '../client/models.ts';
import type { Paint } from '../output.ts';
import { stateCell } from './state-style.ts';
import { table } from './table.ts';
import { ago } from './time.ts';

export function formatModels(
  project: string,
  versions: readonly ModelVersion[],
  now: Date,
  paint: Paint,
): string {
  if (versions.length === 0) return `no versions yet: millrace upload ${project} <file>`;
  const rows = versions.map((version) => [
    version.version,
    stateCell(version.alias),
    version.weightPercent === undefined ? undefined : `${version.weightPercent} %`,
    stateCell(version.approval),
    version.createdAt === undefined ? undefined : ago(version.createdAt, now),
    version.metadata?.runId,
    version.approvalDescription ?? version.description,
  ]);
  return table(['VERSION', 'ALIAS', 'TRAFFIC', 'APPROVAL', 'CREATED', 'RUN', 'WHY'], rows, paint);
}
