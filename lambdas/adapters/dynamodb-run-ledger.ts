import { z } from 'zod';
import { outboxEvent } from '../contracts/define-event.ts';
import { ledgerKeys, policyState, runRecord } from '../contracts/ledger.ts';
import { trainingRunFinished } from '../contracts/training-run-finished.ts';
import { PermanentError } from '../domain/errors.ts';
import type { Records } from '../domain/ports/records.ts';
import type { RunClosing, RunInLedger, RunLedger } from '../domain/ports/run-ledger.ts';

/** Runs as they lie in the ledger's table: `run#<runId>` beside the project's `policy`. */
export class DynamoDbRunLedger implements RunLedger {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  async read(project: string, runId: string): Promise<RunInLedger> {
    const [run, policy] = await Promise.all([
      this.#records.read({ project, record: ledgerKeys.run(runId) }),
      this.#records.read({ project, record: ledgerKeys.policy }),
    ]);
    return {
      run: parsed(runRecord, run, `the record of run ${runId}`),
      policy:
        policy === undefined ? undefined : parsed(policyState, policy, `the policy record of '${project}'`),
    };
  }

  async close(before: RunInLedger, { run, policy, announce }: RunClosing): Promise<boolean> {
    return this.#records.commit([
      {
        item: run,
        condition: { revision: before.run.revision },
        announce: outboxEvent(trainingRunFinished, announce),
      },
      ...(policy === undefined ? [] : [{ item: policy, condition: { revision: before.policy?.revision } }]),
    ]);
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, item: unknown, what: string): z.infer<Schema> {
  const result = schema.safeParse(item);
  if (result.success) return result.data;
  throw new PermanentError(
    item === undefined
      ? `${what} is missing from the ledger`
      : `${what} is malformed: ${z.prettifyError(result.error)}`,
  );
}
