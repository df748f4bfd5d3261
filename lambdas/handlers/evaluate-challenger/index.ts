import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bundledProjects } from '../../adapters/bundled-projects.ts';
import { readColumns } from '../../adapters/duckdb-parquet-reader.ts';
import { DynamoDbRecords } from '../../adapters/dynamodb-records.ts';
import { DynamoDbRouting } from '../../adapters/dynamodb-routing.ts';
import { loadOnnxModel } from '../../adapters/onnx-model.ts';
import { S3ObjectStore } from '../../adapters/s3-object-store.ts';
import { openModelArchive } from '../../adapters/tar-model-archive.ts';
import { systemClock } from '../../runtime/clock.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { env } from './env.ts';
import { evaluateChallenger } from './handler.ts';

const { ROUTING_TABLE, ARTIFACT_BUCKET } = readEnvironment(env);

const objects = new S3ObjectStore(new S3Client());
const routing = new DynamoDbRouting(
  new DynamoDbRecords(DynamoDBDocumentClient.from(new DynamoDBClient()), ROUTING_TABLE),
);

export const handler = evaluateChallenger({
  objects,
  projects: bundledProjects(process.env['LAMBDA_TASK_ROOT'] ?? '.'),
  routing: (project) => routing.read(project),
  openArchive: (uri, folder) => openModelArchive(objects, uri, folder),
  readColumns,
  loadModel: loadOnnxModel,
  artifactBucket: ARTIFACT_BUCKET,
  now: systemClock,
});
