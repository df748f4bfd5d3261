import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { waitFor } from '../../../cli/client/wait-for.ts';
import { predictionRecord, type PredictionRecord } from '../../../lambdas/contracts/prediction-record.ts';
import type { World } from './world.ts';

/** Waits for the record of one prediction on the capture stream. */
export async function captureOf(world: World, inferenceId: string): Promise<PredictionRecord> {
  return waitFor(
    `the capture of ${inferenceId}`,
    async (saw) => {
      const records = await captures(world);
      saw(`${records.length} captures`);
      return records.find((record) => record.inferenceId === inferenceId);
    },
    { timeoutMs: 30_000, intervalMs: 200 },
  );
}

/** Everything on the capture stream so far, shard by shard. */
export async function captures({ millrace, clients }: World): Promise<PredictionRecord[]> {
  const StreamName = millrace.outputs.serving.CaptureStreamName;
  const { Shards = [] } = await clients.kinesis.send(new ListShardsCommand({ StreamName }));
  const shards = await Promise.all(
    Shards.map(async ({ ShardId }) => {
      const start = await clients.kinesis.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const records: PredictionRecord[] = [];
      for (let iterator = start.ShardIterator; iterator !== undefined;) {
        const page = await clients.kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
        const data = (page.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString('utf8'));
        records.push(...data.map((text) => predictionRecord.parse(JSON.parse(text))));
        iterator = data.length === 0 ? undefined : page.NextShardIterator;
      }
      return records;
    }),
  );
  return shards.flat();
}
