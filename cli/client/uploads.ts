import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { datasetHead, ledgerKeys, objectRecord } from '../../lambdas/contracts/ledger.ts';
import type { DatasetHead, ObjectRecord } from '../../lambdas/contracts/ledger.ts';
import type { RawObject } from '../../lambdas/contracts/primitives.ts';
import { quarantineReport } from '../../lambdas/contracts/quarantine-report.ts';
import type { QuarantineReport } from '../../lambdas/contracts/quarantine-report.ts';
import type { Connection } from './connection.ts';
import { requireProject } from './connection.ts';
import { MillraceError } from './millrace-error.ts';
import { tableReader } from './table-reader.ts';

/** Largest object that S3 takes in one request, in bytes. */
const largestPut = 5 * 1024 ** 3;

/** Data in, and what became of it. */
export function uploads(connection: Connection) {
  const { clients, outputs } = connection;
  const bucket = outputs.data.RawBucketName;
  const ledger = tableReader(clients.dynamo, outputs.data.LedgerTableName);

  return {
    /**
     * Streams a file to `<project>/<name>` in the raw bucket.
     * @param options.name its name there. @default the file's own
     * @throws MillraceError when the project is unknown or the file cannot be read
     */
    async upload(
      project: string,
      filePath: string,
      options: { name?: string | undefined } = {},
    ): Promise<RawObject> {
      requireProject(connection, project);
      const bytes = await sizeOf(filePath);
      const name = options.name ?? basename(filePath);
      if (name === '' || name.startsWith('/')) {
        throw new MillraceError(`'${name}' names no object: give a name such as measurements.csv`);
      }
      const key = `${project}/${name}`;
      const { VersionId } = await clients.s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: createReadStream(filePath),
          ContentLength: bytes,
        }),
      );
      if (VersionId === undefined) {
        throw new MillraceError(
          `${bucket} keeps no versions, but raw data must never change: deploy the data stack again`,
        );
      }
      return { bucket, key, versionId: VersionId };
    },

    /** What ingest said of one raw object version; undefined until it has. */
    objectRecord: (project: string, key: string, versionId: string): Promise<ObjectRecord | undefined> =>
      ledger.get(project, ledgerKeys.object(key, versionId), objectRecord),

    /** The report on a rejected upload. @param reportUri as the object's record gives it */
    async quarantineReport(reportUri: string): Promise<QuarantineReport> {
      const { host, pathname } = splitS3Uri(reportUri);
      const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: host, Key: pathname }));
      return quarantineReport.parse(JSON.parse((await Body?.transformToString('utf8')) ?? ''));
    },

    /** The project's present dataset; undefined before the first accepted upload. */
    datasetHead: (project: string): Promise<DatasetHead | undefined> =>
      ledger.get(project, ledgerKeys.dataset, datasetHead),
  };
}

/** By hand, as `URL` would decode and normalise a key that is neither encoded nor a path. */
function splitS3Uri(uri: string): { host: string; pathname: string } {
  const [, host, pathname] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  if (host === undefined || pathname === undefined) {
    throw new MillraceError(`'${uri}' is no S3 address: expected s3://bucket/key`);
  }
  return { host, pathname };
}

async function sizeOf(filePath: string): Promise<number> {
  const stats = await stat(filePath).catch((error: unknown) => {
    throw new MillraceError(
      `'${filePath}' cannot be read (${reasonOf(error)}): give the path of a data file`,
      {
        cause: error,
      },
    );
  });
  if (!stats.isFile()) {
    throw new MillraceError(`'${filePath}' is not a file: give the path of a data file`);
  }
  if (stats.size > largestPut) {
    throw new MillraceError(`'${filePath}' has ${stats.size} bytes, S3 takes 5 GiB at once: split the file`);
  }
  return stats.size;
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
