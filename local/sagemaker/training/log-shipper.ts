import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

export const TRAINING_LOG_GROUP = '/aws/sagemaker/TrainingJobs';

/** PutLogEvents takes 10 000 events and 1 MiB, 26 bytes of it per event; these stay well below. */
const BATCH_EVENTS = 1000;
const BATCH_CHARACTERS = 200_000;
const LONGEST_LINE = 100_000;
const FLUSH_MS = 1000;

export interface LogShipper {
  /** `time` in milliseconds since the epoch. */
  write(line: string, time: number): void;
  /** Sends what is left. Never rejects: a training job must not fail for its logs. */
  close(): Promise<void>;
}

/** Copies a job's lines to CloudWatch Logs in batches. A batch that cannot be sent is reported and given up. */
export function createLogShipper(logs: CloudWatchLogsClient, stream: string, log: Log): LogShipper {
  let buffer: { message: string; timestamp: number }[] = [];
  let characters = 0;
  let ready: Promise<void> | undefined;
  let sending = Promise.resolve();

  const prepare = async (): Promise<void> => {
    await ignoreExisting(logs.send(new CreateLogGroupCommand({ logGroupName: TRAINING_LOG_GROUP })));
    await ignoreExisting(
      logs.send(new CreateLogStreamCommand({ logGroupName: TRAINING_LOG_GROUP, logStreamName: stream })),
    );
  };

  const flush = (): void => {
    if (buffer.length === 0) return;
    const logEvents = buffer;
    buffer = [];
    characters = 0;
    sending = sending.then(async () => {
      try {
        ready ??= prepare();
        await ready;
        await logs.send(
          new PutLogEventsCommand({ logGroupName: TRAINING_LOG_GROUP, logStreamName: stream, logEvents }),
        );
      } catch (error) {
        ready = undefined;
        log({
          level: 'error',
          message: 'Log lines did not reach CloudWatch Logs; they are in the log file of the job',
          stream,
          lines: logEvents.length,
          error: messageOf(error),
        });
      }
    });
  };

  const timer = setInterval(flush, FLUSH_MS);
  return {
    write(line, time) {
      // CloudWatch refuses empty messages.
      const message = line === '' ? ' ' : line.slice(0, LONGEST_LINE);
      buffer.push({ message, timestamp: time });
      characters += message.length;
      if (buffer.length >= BATCH_EVENTS || characters >= BATCH_CHARACTERS) flush();
    },
    async close() {
      clearInterval(timer);
      flush();
      await sending;
    },
  };
}

async function ignoreExisting(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}
