import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ledgerKeys } from '../../contracts/ledger.ts';
import type { ProjectCatalog, ProjectDefinition } from '../../contracts/project-definition.ts';
import type { RuleViolation } from '../../contracts/quarantine-report.ts';
import type { ObjectCreated } from '../../contracts/s3-events.ts';
import { PermanentError } from '../../domain/errors.ts';
import {
  deletedBeforeRead,
  emptyFile,
  tooLarge,
  unknownProject,
  unsupportedFormat,
} from '../../domain/ingest/file-violations.ts';
import { readRawKey, type UploadFormat } from '../../domain/ingest/raw-key.ts';
import { logger } from '../../runtime/logger.ts';
import { acceptUpload } from './accept-upload.ts';
import type { IngestDependencies } from './dependencies.ts';
import { findRawObject, type FoundObject } from './find-raw-object.ts';
import { recordDuplicate } from './known-content.ts';
import { rejectUpload } from './reject-upload.ts';
import { inWorkingDirectory } from './working-directory.ts';

/**
 * What becomes of an upload: it is accepted into its project's dataset, recorded as a duplicate of bytes that are in
 * it already, or rejected with a report. Each object version is recorded once, however often its event arrives; the
 * raw object is only ever read.
 */
export function ingestObject(dependencies: IngestDependencies) {
  const { projects, records, objects } = dependencies;
  return async (event: ObjectCreated): Promise<void> => {
    const key = readRawKey(event.object.key);
    if (!key) {
      logger.debug('a folder marker is no upload', { key: event.object.key });
      return;
    }
    const found = await findRawObject(objects, event);
    const record = ledgerKeys.object(found.raw.key, found.raw.versionId);
    if (await records.read({ project: key.project, record })) {
      logger.info('upload was recorded already', { raw: found.raw });
      return;
    }
    const examined = examineName(projects, found, key);
    if ('violation' in examined) {
      await rejectUpload(dependencies, found, key.project, [examined.violation]);
      return;
    }
    await inWorkingDirectory((directory) => ingestBytes(dependencies, found, examined, directory));
  };
}

interface Expected {
  readonly project: ProjectDefinition;
  readonly format: UploadFormat;
}

/** All that can be said before the bytes are read. */
function examineName(
  projects: ProjectCatalog,
  { raw, bytes }: FoundObject,
  key: { readonly project: string; readonly format: UploadFormat | undefined },
): Expected | { readonly violation: RuleViolation } {
  const project = Object.hasOwn(projects, key.project) ? projects[key.project] : undefined;
  if (!project) return { violation: unknownProject(key.project, Object.keys(projects)) };
  if (!key.format) return { violation: unsupportedFormat(raw.key) };
  if (bytes === undefined) return { violation: deletedBeforeRead() };
  if (bytes === 0) return { violation: emptyFile() };
  const { maximumBytes } = project.ingest;
  if (bytes > maximumBytes) return { violation: tooLarge(bytes, maximumBytes) };
  return { project, format: key.format };
}

async function ingestBytes(
  dependencies: IngestDependencies,
  found: FoundObject,
  { project, format }: Expected,
  directory: string,
): Promise<void> {
  const path = join(directory, 'upload');
  const sha256 = await download(dependencies, found, path);
  if (sha256 === undefined) {
    await rejectUpload(dependencies, found, project.name, [deletedBeforeRead()]);
    return;
  }
  const upload = { ...found, sha256 };
  if (await recordDuplicate(dependencies, upload, project)) return;
  const converted = join(directory, 'converted');
  await mkdir(converted);
  const conversion = await dependencies.converter.convert(path, format, project, converted);
  if ('parts' in conversion) await acceptUpload(dependencies, upload, project, conversion);
  else await rejectUpload(dependencies, upload, project.name, conversion.violations, sha256);
}

/** @returns the SHA-256 of the bytes; undefined when the object was deleted since it was found */
async function download(
  { objects }: IngestDependencies,
  { raw, uri }: FoundObject,
  path: string,
): Promise<string | undefined> {
  try {
    const { sha256 } = await objects.download(uri, path, raw.versionId);
    return sha256;
  } catch (error) {
    if (error instanceof PermanentError && !(await objects.stat(uri, raw.versionId))) return undefined;
    throw error;
  }
}
