import { createHash } from 'node:crypto';
import type { DataAccepted } from '../../contracts/data-accepted.ts';
import type { DriftDetected } from '../../contracts/drift-detected.ts';
import type { RetrainingAsked } from '../../contracts/retraining-asked.ts';
import type { RetrainingCause } from '../../contracts/retraining-requested.ts';

/**
 * Why a retraining is thought of, named by content: the same fact announced twice is one cause. The deployment's name
 * is part of the content, as the run's name is made from it and SageMaker has one namespace of jobs for all of them.
 */
export interface Cause {
  readonly project: string;
  readonly kind: RetrainingCause;
  /** SHA-256 of what happened, lower-case hexadecimal. */
  readonly decisionId: string;
}

export function newDataCause(deployment: string, { project, datasetId, rawObject }: DataAccepted): Cause {
  return cause(deployment, project, 'new-data', [
    datasetId,
    rawObject.bucket,
    rawObject.key,
    rawObject.versionId,
  ]);
}

export function driftCause(deployment: string, { project, detectionId }: DriftDetected): Cause {
  return cause(deployment, project, 'drift', [detectionId]);
}

export function personCause(deployment: string, { project, requestId }: RetrainingAsked): Cause {
  return cause(deployment, project, 'person', [requestId]);
}

function cause(
  deployment: string,
  project: string,
  kind: RetrainingCause,
  content: readonly string[],
): Cause {
  const decisionId = createHash('sha256')
    .update(JSON.stringify([deployment, project, kind, ...content]))
    .digest('hex');
  return { project, kind, decisionId };
}
