import type { KinesisStreamEvent } from 'aws-lambda';

/** Records of one shard as Lambda gets them. A body that is no text is sent as JSON. */
export function kinesisEvent(
  records: readonly { sequence: string; body: unknown }[],
  shardId = 'shardId-000000000000',
): KinesisStreamEvent {
  return {
    Records: records.map(({ sequence, body }) => ({
      awsRegion: 'eu-west-1',
      eventID: `${shardId}:${sequence}`,
      eventName: 'aws:kinesis:record',
      eventSource: 'aws:kinesis',
      eventSourceARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/capture',
      eventVersion: '1.0',
      invokeIdentityArn: 'arn:aws:iam::000000000000:role/watcher',
      kinesis: {
        approximateArrivalTimestamp: 0,
        data: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)).toString('base64'),
        kinesisSchemaVersion: '1.0',
        partitionKey: sequence,
        sequenceNumber: sequence,
      },
    })),
  };
}
