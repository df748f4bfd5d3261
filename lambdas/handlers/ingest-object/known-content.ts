import { createHash } from 'node:crypto';
import { contentRecord, ledgerKeys, type ContentRecord, type ObjectRecord } from '../../contracts/ledger.ts';
import type { ProjectDefinition } from '../../contracts/project-definition.ts';
import { schemaSha256 } from '../../domain/ingest/dataset.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs } from '../../runtime/parse.ts';
import type { IngestDependencies } from './dependencies.ts';
import type { FoundObject } from './find-raw-object.ts';

/** An upload whose bytes were read. */
export interface ReadUpload extends FoundObject {
  /** Of the raw bytes. */
  readonly sha256: string;
}

export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What is known of the bytes in a project, from whichever upload they came. */
export async function readContent(
  { records }: IngestDependencies,
  project: string,
  sha256: string,
): Promise<ContentRecord | undefined> {
  const record = ledgerKeys.content(sha256);
  const item = await records.read({ project, record });
  return item === undefined
    ? undefined
    : parseAs(contentRecord, item, `the record '${record}' of '${project}'`);
}

/**
 * Records that the same bytes are in the project's dataset already, if they are.
 * Bytes that were accepted under another schema do not count: the dataset does not hold them any more.
 */
export async function recordDuplicate(
  dependencies: IngestDependencies,
  upload: ReadUpload,
  project: ProjectDefinition,
): Promise<boolean> {
  const content = await readContent(dependencies, project.name, upload.sha256);
  if (content?.schemaSha256 !== schemaSha256(project, hashText)) return false;
  await writeDuplicate(dependencies, upload, content);
  return true;
}

export async function writeDuplicate(
  { records, now }: IngestDependencies,
  { raw, sha256 }: ReadUpload,
  { project, datasetId, raw: same }: ContentRecord,
): Promise<void> {
  const item: ObjectRecord = {
    project,
    record: ledgerKeys.object(raw.key, raw.versionId),
    raw,
    verdict: 'duplicate',
    sha256,
    datasetId,
    reasons: [`the same bytes were accepted as '${same.key}' (version ${same.versionId})`],
    at: now(),
  };
  const first = await records.commit([{ item, condition: 'new' }]);
  logger.info(first ? 'upload is a duplicate' : 'upload was recorded already', { raw });
}
