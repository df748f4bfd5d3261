import { dataAccepted } from '../../contracts/data-accepted.ts';
import { datasetManifest, splits, type DatasetEntry, type Split } from '../../contracts/dataset-manifest.ts';
import { outboxEvent } from '../../contracts/define-event.ts';
import {
  datasetHead,
  ledgerKeys,
  type ContentRecord,
  type DatasetHead,
  type ObjectRecord,
} from '../../contracts/ledger.ts';
import type { ProjectDefinition } from '../../contracts/project-definition.ts';
import { ConflictError } from '../../domain/errors.ts';
import { extendDataset, schemaSha256 } from '../../domain/ingest/dataset.ts';
import type { LocalPart } from '../../domain/ports/upload-converter.ts';
import { s3Uri } from '../../domain/s3-uri.ts';
import { logger } from '../../runtime/logger.ts';
import { parseAs, parseJsonAs } from '../../runtime/parse.ts';
import type { IngestDependencies } from './dependencies.ts';
import { hashText, readContent, writeDuplicate, type ReadUpload } from './known-content.ts';

/** Somebody wins each round, so that this many uploads at once are taken in without a new reading of the file. */
const attempts = 20;

/**
 * Puts the parts into the curated bucket, and the upload into the project's dataset. Until the one commit at the end,
 * all that was written is named by its content, and read by nobody.
 * @throws ConflictError when others were first in every attempt; to be tried again
 */
export async function acceptUpload(
  dependencies: IngestDependencies,
  upload: ReadUpload,
  project: ProjectDefinition,
  converted: { readonly rows: number; readonly parts: Readonly<Record<Split, LocalPart>> },
): Promise<void> {
  const schema = schemaSha256(project, hashText);
  const entry = await uploadParts(dependencies, upload, project.name, schema, converted);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const content = await readContent(dependencies, project.name, upload.sha256);
    if (content?.schemaSha256 === schema) return writeDuplicate(dependencies, upload, content);
    if (await commitOnce(dependencies, upload, project.name, schema, entry, content)) return;
    if (await dependencies.records.read({ project: project.name, record: objectKey(upload) })) return;
  }
  throw new ConflictError(
    `the dataset of '${project.name}' changed under ${upload.uri} ${attempts} times in a row: it will be tried again`,
  );
}

const objectKey = ({ raw }: ReadUpload): string => ledgerKeys.object(raw.key, raw.versionId);

async function uploadParts(
  { objects, curatedBucket }: IngestDependencies,
  { raw, sha256 }: ReadUpload,
  project: string,
  schema: string,
  { rows, parts }: { readonly rows: number; readonly parts: Readonly<Record<Split, LocalPart>> },
): Promise<DatasetEntry> {
  const prefix = `${project}/parts/${sha256}/${schema.slice(0, 16)}`;
  const uriOf = (split: Split): string => s3Uri(curatedBucket, `${prefix}/${split}.parquet`);
  await Promise.all(
    splits.map((split) => objects.upload(parts[split].path, uriOf(split), 'application/vnd.apache.parquet')),
  );
  const partOf = (split: Split) => ({
    uri: uriOf(split),
    rows: parts[split].rows,
    sha256: parts[split].sha256,
  });
  return {
    raw,
    sha256,
    rows,
    parts: { train: partOf('train'), validation: partOf('validation'), test: partOf('test') },
  };
}

/** One try to be the next head of the dataset. @returns false when somebody else was first */
async function commitOnce(
  dependencies: IngestDependencies,
  upload: ReadUpload,
  project: string,
  schema: string,
  entry: DatasetEntry,
  content: ContentRecord | undefined,
): Promise<boolean> {
  const { records, objects, curatedBucket, now } = dependencies;
  const head = await readHead(dependencies, project);
  const present =
    head &&
    parseJsonAs(datasetManifest, await objects.read(head.manifestUri), `the manifest ${head.manifestUri}`);
  const { manifest, reasons } = extendDataset(present, { project, schemaSha256: schema, entry }, hashText);
  const manifestUri = s3Uri(curatedBucket, `${project}/datasets/${manifest.datasetId}.json`);
  await objects.write(manifestUri, JSON.stringify(manifest), 'application/json');

  const at = now();
  const { raw, sha256 } = upload;
  const { datasetId } = manifest;
  const objectItem: ObjectRecord = {
    project,
    record: objectKey(upload),
    raw,
    verdict: 'accepted',
    sha256,
    rows: entry.rows,
    datasetId,
    reasons,
    at,
  };
  const contentItem: ContentRecord = {
    project,
    record: ledgerKeys.content(sha256),
    revision: (content?.revision ?? 0) + 1,
    schemaSha256: schema,
    raw,
    datasetId,
    at,
  };
  const headItem: DatasetHead = {
    project,
    record: ledgerKeys.dataset,
    revision: (head?.revision ?? 0) + 1,
    datasetId,
    manifestUri,
    rows: manifest.rows,
    entries: manifest.entries.length,
    updatedAt: at,
  };
  const announce = outboxEvent(dataAccepted, {
    project,
    datasetId,
    manifestUri,
    rawObject: raw,
    rows: entry.rows,
    datasetRows: manifest.rows,
    acceptedAt: at,
  });
  const committed = await records.commit([
    { item: objectItem, condition: 'new', announce },
    { item: contentItem, condition: { revision: content?.revision } },
    { item: headItem, condition: { revision: head?.revision } },
  ]);
  if (committed) logger.info('upload accepted', { raw, rows: entry.rows, datasetId, reasons });
  return committed;
}

async function readHead({ records }: IngestDependencies, project: string): Promise<DatasetHead | undefined> {
  const item = await records.read({ project, record: ledgerKeys.dataset });
  return item === undefined ? undefined : parseAs(datasetHead, item, `the dataset head of '${project}'`);
}
