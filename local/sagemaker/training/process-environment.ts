import { dummyCredentials } from '../aws-clients.ts';
import type { LocalImage } from '../images.ts';
import type { TrainingJobRecord } from '../state/records.ts';
import type { MlLayout } from './ml-layout.ts';

/** What a command needs from this machine. Nothing else of the developer's environment gets in, least of all keys. */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'CUDA_VISIBLE_DEVICES',
];

export interface ProcessSurroundings {
  readonly region: string;
  readonly emulatorEndpoint: string;
}

/** `MILLRACE_ML_ROOT` stands for `/opt/ml`, which a laptop has no right to write. */
export function processEnvironment(
  job: TrainingJobRecord,
  layout: MlLayout,
  image: LocalImage,
  { region, emulatorEndpoint }: ProcessSurroundings,
): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    AWS_ACCESS_KEY_ID: dummyCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: dummyCredentials.secretAccessKey,
    AWS_ENDPOINT_URL: emulatorEndpoint,
    AWS_DEFAULT_REGION: region,
    ...image.env,
    ...job.request.Environment,
    AWS_REGION: region,
    TRAINING_JOB_NAME: job.name,
    TRAINING_JOB_ARN: job.arn,
    MILLRACE_ML_ROOT: layout.root,
  };
}

/**
 * `docker run image train`: the argument is `train` unless the request brings an entrypoint of its own, which takes its
 * place as on SageMaker.
 */
export function processCommand(job: TrainingJobRecord, image: LocalImage): string[] {
  const { ContainerEntrypoint, ContainerArguments = [] } = job.request.AlgorithmSpecification;
  return [...image.command, ...(ContainerEntrypoint ?? ['train']), ...ContainerArguments];
}
