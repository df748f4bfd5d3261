import { outboxEvent } from '../../contracts/define-event.ts';
import { datasetHead, ledgerKeys, policyState } from '../../contracts/ledger.ts';
import type { DatasetHead, DecisionRecord, PolicyState, RunRecord } from '../../contracts/ledger.ts';
import type { ProjectCatalog } from '../../contracts/project-definition.ts';
import { retrainingDeclined } from '../../contracts/retraining-declined.ts';
import { retrainingRequested } from '../../contracts/retraining-requested.ts';
import { ConflictError, PermanentError } from '../../domain/errors.ts';
import type { ExecutionReader } from '../../domain/ports/executions.ts';
import type { Records, RecordWrite } from '../../domain/ports/records.ts';
import type { RunLedger } from '../../domain/ports/run-ledger.ts';
import type { Cause } from '../../domain/retraining/cause.ts';
import { decideRetraining } from '../../domain/retraining/decide-retraining.ts';
import { runIdFor } from '../../domain/training/run-id.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs } from '../../runtime/parse.ts';
import { closeUnannounced } from './close-unannounced.ts';

/** Lost races after which the message goes back to its queue. */
const attempts = 5;

interface World {
  readonly records: Records;
  readonly ledger: RunLedger;
  readonly executions: ExecutionReader;
  readonly projects: ProjectCatalog;
  readonly now: () => string;
  readonly timeScale: number;
}

interface Remembered {
  readonly state: PolicyState | undefined;
  readonly dataset: DatasetHead | undefined;
}

/**
 * Answers a cause once: what was remembered, the decision and, for a yes, the run are written in one commit.
 * A run that has ended without anybody hearing of it is closed first.
 */
export function answerCause({ records, ledger, executions, projects, now, timeScale }: World) {
  const closeActive = closeUnannounced({ ledger, executions, now });
  return async (cause: Cause): Promise<void> => {
    const project = projects[cause.project];
    if (!project) {
      throw new PermanentError(
        `no project '${cause.project}' is deployed, only ${Object.keys(projects).join(', ')}: ` +
          `add its folder and deploy, or mend the event`,
      );
    }
    const decisionKey = ledgerKeys.decision(cause.decisionId);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (await records.read({ project: cause.project, record: decisionKey })) return;
      let remembered = await recall(records, cause.project);
      const activeRun = remembered.state?.activeRun;
      if (activeRun !== undefined && (await closeActive(cause.project, activeRun))) {
        remembered = await recall(records, cause.project);
      }
      const at = now();
      const { answer, reasons } = decideRetraining(
        cause.kind,
        remembered.state,
        remembered.dataset,
        project.retraining,
        at,
        timeScale,
      );
      const writes =
        answer === 'requested' && remembered.dataset
          ? request(cause, [...reasons], remembered.state, remembered.dataset, at)
          : [decline(cause, [...reasons], at)];
      if (await records.commit(writes)) {
        logger.info(`retraining ${answer}`, { project: cause.project, cause: cause.kind, reasons });
        return;
      }
    }
    throw new ConflictError(`others kept changing what the policy of '${cause.project}' remembers`);
  };
}

async function recall(records: Records, project: string): Promise<Remembered> {
  const [state, dataset] = await Promise.all([
    records.read({ project, record: ledgerKeys.policy }),
    records.read({ project, record: ledgerKeys.dataset }),
  ]);
  return {
    state: state === undefined ? undefined : parseAs(policyState, state, `the policy record of '${project}'`),
    dataset:
      dataset === undefined ? undefined : parseAs(datasetHead, dataset, `the dataset record of '${project}'`),
  };
}

function decline(cause: Cause, reasons: string[], at: string): RecordWrite {
  const { project, kind, decisionId } = cause;
  const item: DecisionRecord = {
    project,
    record: ledgerKeys.decision(decisionId),
    decisionId,
    cause: kind,
    answer: 'declined',
    reasons,
    at,
  };
  const announce = outboxEvent(retrainingDeclined, {
    project,
    decisionId,
    cause: kind,
    reasons,
    declinedAt: at,
  });
  return { item, condition: 'new', announce };
}

function request(
  { project, kind, decisionId }: Cause,
  reasons: string[],
  state: PolicyState | undefined,
  { datasetId, manifestUri, rows }: DatasetHead,
  at: string,
): RecordWrite[] {
  const runId = runIdFor(project, decisionId);
  const decision: DecisionRecord = {
    project,
    record: ledgerKeys.decision(decisionId),
    decisionId,
    cause: kind,
    answer: 'requested',
    reasons,
    runId,
    at,
  };
  const policy: PolicyState = {
    project,
    record: 'policy',
    revision: (state?.revision ?? 0) + 1,
    activeRun: runId,
    lastRequestedAt: at,
    trainedRows: rows,
  };
  const run: RunRecord = {
    project,
    record: ledgerKeys.run(runId),
    revision: 1,
    runId,
    cause: kind,
    state: 'requested',
    datasetId,
    manifestUri,
    datasetRows: rows,
    previousTrainedRows: state?.trainedRows ?? 0,
    requestedAt: at,
    reasons: [],
  };
  const announce = outboxEvent(retrainingRequested, {
    project,
    runId,
    cause: kind,
    datasetId,
    manifestUri,
    reasons,
    requestedAt: at,
  });
  return [
    { item: decision, condition: 'new', announce },
    { item: policy, condition: { revision: state?.revision } },
    { item: run, condition: 'new' },
  ];
}
