import { createHash } from 'node:crypto';
import type { DataAccepted } from '../../contracts/data-accepted.ts';
import type { DriftDetected } from '../../contracts/drift-detected.ts';
import type { RetrainingAsked } from '../../contracts/retraining-asked.ts';
import type { RetrainingCause } from '../../contracts/retraining-requested.ts';

/** Why a retraining is thought of, named by content: the same fact announced twice is one cause. */
export interface Cause {
  readonly project: string;
  readonly kind: RetrainingCause;
  /** SHA-256 of what happened, lower-case hexadecimal. */
  readonly decisionId: string;
}

export function newDataCause({ project, datasetId, rawObject }: DataAccepted): Cause {
  return cause(project, 'new-data', [datasetId, rawObject.bucket, rawObject.key, rawObject.versionId]);
}

export function driftCause({ project, detectionId }: DriftDetected): Cause {
  return cause(project, 'drift', [detectionId]);
}

export function personCause({ project, requestId }: RetrainingAsked): Cause {
  return cause(project, 'person', [requestId]);
}

function cause(project: string, kind: RetrainingCause, content: readonly string[]): Cause {
  const decisionId = createHash('sha256')
    .update(JSON.stringify([project, kind, ...content]))
    .digest('hex');
  return { project, kind, decisionId };
}
