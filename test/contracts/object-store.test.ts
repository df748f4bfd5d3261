import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { S3ObjectStore } from '../../lambdas/adapters/s3-object-store.ts';
import { InMemoryObjectStore } from '../builders/in-memory-object-store.ts';
import { objectStoreContract } from './object-store.contract.ts';
import { emulator } from './support/cloud.ts';

const config = emulator();

objectStoreContract('in memory', async () => ({ store: new InMemoryObjectStore(), bucket: 'bucket' }));

objectStoreContract('S3', async () => {
  const client = new S3Client({ ...config(), forcePathStyle: true });
  const bucket = `objects-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  return { store: new S3ObjectStore(client), bucket };
});
