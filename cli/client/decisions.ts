import { randomUUID } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { decisionRecord, ledgerKeys, policyState } from '../../lambdas/contracts/ledger.ts';
import type { DecisionRecord, PolicyState } from '../../lambdas/contracts/ledger.ts';
import { retrainingAsked } from '../../lambdas/contracts/retraining-asked.ts';
import type { RetrainingAsked } from '../../lambdas/contracts/retraining-asked.ts';
import type { Connection } from './connection.ts';
import { requireProject } from './connection.ts';
import { MillraceError } from './millrace-error.ts';
import { tableReader } from './table-reader.ts';

/** The retraining policy: asking it, and what it answered. */
export function decisions(connection: Connection) {
  const { clients, outputs } = connection;
  const ledger = tableReader(clients.dynamo, outputs.data.LedgerTableName);

  return {
    /** Every answer of the policy, newest first. */
    async decisions(project: string): Promise<DecisionRecord[]> {
      const found = await ledger.list(project, ledgerKeys.decision(''), decisionRecord);
      return found.sort((a, b) => b.at.localeCompare(a.at));
    },

    /** What the policy remembers; undefined before its first answer. */
    policyState: (project: string): Promise<PolicyState | undefined> =>
      ledger.get(project, ledgerKeys.policy, policyState),

    /**
     * Asks for a retraining; the policy answers with a decision, which may be no.
     * @returns what was asked, with the id of the request
     * @throws MillraceError when the project is unknown or the bus refuses the event
     */
    async retrain(project: string, reason: string): Promise<RetrainingAsked> {
      requireProject(connection, project);
      const detail: RetrainingAsked = retrainingAsked.detail.parse({
        project,
        requestId: randomUUID(),
        reason,
        askedAt: new Date().toISOString(),
      });
      const { Entries } = await clients.eventBridge.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: outputs.data.EventBusName,
              Source: retrainingAsked.source,
              DetailType: retrainingAsked.detailType,
              Detail: JSON.stringify(detail),
            },
          ],
        }),
      );
      const refused = Entries?.find((entry) => entry.ErrorCode);
      if (refused) {
        throw new MillraceError(
          `the bus refused '${retrainingAsked.detailType}': ${refused.ErrorCode} ${refused.ErrorMessage ?? ''}`.trim(),
        );
      }
      return detail;
    },
  };
}
