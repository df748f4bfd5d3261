import { s3Uri } from '../s3-uri.ts';

/** Where a run keeps its files in the artifact bucket. */
export function runLocations(bucket: string, project: string, runId: string) {
  const run = `${project}/runs/${runId}`;
  return {
    /** Everything under it becomes the trainer's `config` channel. */
    configPrefix: s3Uri(bucket, `${run}/config/`),
    config: s3Uri(bucket, `${run}/config/training.json`),
    channel: (name: string) => s3Uri(bucket, `${run}/channels/${name}.manifest`),
    checkpoints: s3Uri(bucket, `${run}/checkpoints/`),
    /** SageMaker appends `/<job name>/output/model.tar.gz`, and the job is named as the run. */
    outputs: s3Uri(bucket, `${project}/runs`),
    /** The unpacked, evaluated and later signed model. */
    model: s3Uri(bucket, `${project}/models/${runId}/`),
  };
}
