import { dataRejected } from '../../contracts/data-rejected.ts';
import { outboxEvent } from '../../contracts/define-event.ts';
import { ledgerKeys, type ObjectRecord } from '../../contracts/ledger.ts';
import {
  quarantineReport,
  type QuarantineReport,
  type RuleViolation,
} from '../../contracts/quarantine-report.ts';
import { reasonsOf } from '../../domain/ingest/file-violations.ts';
import { s3Uri } from '../../domain/s3-uri.ts';
import { logger } from '../../runtime/logger.ts';
import type { IngestDependencies } from './dependencies.ts';
import type { FoundObject } from './find-raw-object.ts';

/** Writes the quarantine report, then records and announces the rejection. The raw object stays as it is. */
export async function rejectUpload(
  { records, objects, curatedBucket, now }: IngestDependencies,
  { raw, uri, bytes }: FoundObject,
  project: string,
  violations: readonly RuleViolation[],
  sha256?: string,
): Promise<void> {
  const rejectedAt = now();
  const report: QuarantineReport = quarantineReport.parse({
    schemaVersion: 1,
    project,
    rawObject: raw,
    rawUri: uri,
    bytes: bytes ?? 0,
    rejectedAt,
    violations,
  });
  const reportUri = s3Uri(curatedBucket, `quarantine/${raw.key}/${raw.versionId}.json`);
  await objects.write(reportUri, JSON.stringify(report, undefined, 2), 'application/json');
  const reasons = reasonsOf(violations);
  const item: ObjectRecord = {
    project,
    record: ledgerKeys.object(raw.key, raw.versionId),
    raw,
    verdict: 'rejected',
    ...(sha256 === undefined ? {} : { sha256 }),
    reportUri,
    reasons,
    at: rejectedAt,
  };
  const announce = outboxEvent(dataRejected, { project, rawObject: raw, reportUri, reasons, rejectedAt });
  const first = await records.commit([{ item, condition: 'new', announce }]);
  logger.info(first ? 'upload rejected' : 'upload was recorded already', { raw, reasons });
}
