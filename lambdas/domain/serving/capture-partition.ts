import { createHash } from 'node:crypto';

/**
 * Kinesis partition key of a captured prediction. A project's records share one key, and so one shard and its windows,
 * unless the project asks for more: then they spread over as many keys, evenly by inference id.
 * @param partitions at least 1
 */
export function capturePartition(project: string, inferenceId: string, partitions: number): string {
  if (partitions === 1) return project;
  const hash = createHash('sha256').update(inferenceId).digest().readUInt32BE(0);
  return `${project}/${hash % partitions}`;
}
