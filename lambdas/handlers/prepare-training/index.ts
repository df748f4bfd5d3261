import { ECRClient } from '@aws-sdk/client-ecr';
import { S3Client } from '@aws-sdk/client-s3';
import { bundledProjects } from '../../adapters/bundled-projects.ts';
import { EcrImages } from '../../adapters/ecr-images.ts';
import { S3ObjectStore } from '../../adapters/s3-object-store.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { env } from './env.ts';
import { prepareTraining } from './handler.ts';

const { ARTIFACT_BUCKET, TRAINING_IMAGE, TRAINING_ROLE_ARN, ARTIFACT_KEY_ARN, TRAINING_CODE } =
  readEnvironment(env);

export const handler = prepareTraining({
  objects: new S3ObjectStore(new S3Client()),
  projects: bundledProjects(process.env['LAMBDA_TASK_ROOT'] ?? '.'),
  artifactBucket: ARTIFACT_BUCKET,
  images: new EcrImages(new ECRClient()),
  trainingImage: TRAINING_IMAGE,
  platform: { roleArn: TRAINING_ROLE_ARN, artifactKeyArn: ARTIFACT_KEY_ARN },
  code: TRAINING_CODE,
});
