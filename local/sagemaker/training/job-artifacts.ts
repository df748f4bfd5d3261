import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { TrainingJobRecord } from '../state/records.ts';
import { packFolder } from './archive.ts';
import type { MlLayout } from './ml-layout.ts';
import { downloadFiles, listObjects, uploadFile, uploadFolder } from './s3-files.ts';
import { joinS3, parseS3Uri } from './s3-location.ts';

const outputUri = ({ name, request }: Pick<TrainingJobRecord, 'name' | 'request'>): string =>
  joinS3(request.OutputDataConfig.S3OutputPath, `${name}/output`);

const isCompressed = ({ request }: Pick<TrainingJobRecord, 'request'>): boolean =>
  request.OutputDataConfig.CompressionType !== 'NONE';

/** Where the model is, or will be. */
export const modelUri = (job: Pick<TrainingJobRecord, 'name' | 'request'>): string =>
  joinS3(outputUri(job), isCompressed(job) ? 'model.tar.gz' : 'model/');

/** Uploads what the job left in `model` and `output/data`; an empty folder uploads nothing, as on SageMaker. */
export async function uploadOutputs(
  s3: S3Client,
  job: TrainingJobRecord,
  layout: MlLayout,
  jobFolder: string,
): Promise<void> {
  for (const [name, folder] of [
    ['model', layout.model],
    ['output', layout.outputData],
  ] as const) {
    if (!isCompressed(job)) {
      await uploadFolder(s3, folder, joinS3(outputUri(job), name === 'model' ? 'model' : 'data'));
      continue;
    }
    const archive = join(jobFolder, `${name}.tar.gz`);
    if (await packFolder(folder, archive))
      await uploadFile(s3, archive, joinS3(outputUri(job), `${name}.tar.gz`));
  }
}

/** Brings back the checkpoints of an earlier job, if there are any. */
export async function restoreCheckpoints(
  s3: S3Client,
  job: TrainingJobRecord,
  layout: MlLayout,
  signal: AbortSignal,
): Promise<void> {
  const uri = job.request.CheckpointConfig?.S3Uri;
  if (uri === undefined) return;
  const base = parseS3Uri(joinS3(uri, ''));
  const objects = await listObjects(s3, base, signal);
  const downloads = objects.map((from) => ({ from, path: from.key.slice(base.key.length) }));
  await downloadFiles(s3, downloads, layout.checkpoints, signal);
}

/** Uploads the checkpoints whatever became of the job: the next one goes on from them. */
export async function saveCheckpoints(s3: S3Client, job: TrainingJobRecord, layout: MlLayout): Promise<void> {
  const uri = job.request.CheckpointConfig?.S3Uri;
  if (uri === undefined || (await readdir(layout.checkpoints)).length === 0) return;
  await uploadFolder(s3, layout.checkpoints, uri);
}
