import { join } from 'node:path';
import type { TrainingContext } from '../context.ts';
import { messageOf } from '../errors.ts';
import { resolveImage } from '../images.ts';
import type { LocalImage } from '../images.ts';
import { downloadChannel } from './input-data.ts';
import { restoreCheckpoints, saveCheckpoints, uploadOutputs } from './job-artifacts.ts';
import { JobFailure, truncateReason } from './job-failure.ts';
import { layoutOf, prepareLayout } from './ml-layout.ts';
import type { MlLayout } from './ml-layout.ts';
import type { StopSwitch } from './stop-switch.ts';
import { train } from './train.ts';

export const SHUTDOWN_REASON =
  'InternalServerError: the local SageMaker server ended while the job was running. Please try again.';

/** Takes a job from its slot to its terminal state. Never rejects: whatever goes wrong becomes a FailureReason. */
export async function runTrainingJob(
  context: TrainingContext,
  name: string,
  stopSwitch: StopSwitch,
): Promise<void> {
  const { journal, now } = context;
  const layout = layoutOf(join(context.jobsFolder, name), journal.current(name).request);
  const failure = await perform(context, name, layout, stopSwitch);
  const changes = journal.current(name).trainingStartTime === undefined ? {} : { trainingEndTime: now() };
  if (stopSwitch.cause === 'ServerShutdown') {
    journal.move(name, 'Failed', 'Failed', { ...changes, failureReason: SHUTDOWN_REASON });
  } else if (failure !== undefined) {
    journal.move(name, 'Failed', 'Failed', { ...changes, failureReason: failure });
  } else if (stopSwitch.cause !== undefined) {
    const secondary = stopSwitch.cause === 'MaxRuntimeExceeded' ? 'MaxRuntimeExceeded' : 'Stopped';
    journal.move(name, 'Stopped', secondary, changes);
  } else {
    journal.move(name, 'Completed', 'Completed', changes);
  }
}

/** The FailureReason, if there is one. */
async function perform(
  context: TrainingContext,
  name: string,
  layout: MlLayout,
  stopSwitch: StopSwitch,
): Promise<string | undefined> {
  try {
    await runStages(context, name, layout, stopSwitch);
    return undefined;
  } catch (error) {
    if (error instanceof JobFailure) return error.message;
    // The abort of a download is the stop itself, not a failure.
    if (stopSwitch.cause !== undefined && stopSwitch.signal.aborted && isAbort(error, stopSwitch))
      return undefined;
    context.log({
      level: 'error',
      message: 'A training job failed inside the server',
      job: name,
      error: messageOf(error),
    });
    return truncateReason(`InternalServerError: ${messageOf(error)}`);
  }
}

const isAbort = (error: unknown, stopSwitch: StopSwitch): boolean =>
  error === stopSwitch.signal.reason || (error instanceof Error && error.name === 'AbortError');

async function runStages(
  context: TrainingContext,
  name: string,
  layout: MlLayout,
  stopSwitch: StopSwitch,
): Promise<void> {
  const { journal, clients, now } = context;
  const { request } = journal.current(name);
  if (journal.current(name).secondaryStatus === 'Pending') journal.move(name, 'InProgress', 'Starting');
  const image = findImage(context, request.AlgorithmSpecification.TrainingImage);
  await prepareLayout(layout, request);
  stopSwitch.signal.throwIfAborted();

  journal.move(name, 'InProgress', 'Downloading', { trainingStartTime: now() });
  for (const channel of request.InputDataConfig ?? []) {
    await downloadChannel(clients.s3, channel, layout.inputData, stopSwitch.signal);
  }
  await transfer('Checkpoint download failed', stopSwitch, () =>
    restoreCheckpoints(clients.s3, journal.current(name), layout, stopSwitch.signal),
  );
  stopSwitch.signal.throwIfAborted();

  journal.move(name, 'InProgress', 'Training');
  const failure = await train(context, name, image, layout, stopSwitch);
  if (failure === undefined && stopSwitch.cause === undefined) {
    journal.move(name, 'InProgress', 'Uploading');
  }
  await transfer('Checkpoint upload failed', stopSwitch, () =>
    saveCheckpoints(clients.s3, journal.current(name), layout),
  );
  if (failure !== undefined) throw failure;
  // A stopped job keeps what it had saved by then.
  if (stopSwitch.cause !== 'ServerShutdown') {
    await transfer('Artifact upload failed', stopSwitch, () =>
      uploadOutputs(clients.s3, journal.current(name), layout, join(context.jobsFolder, name)),
    );
  }
}

function findImage({ images }: TrainingContext, uri: string): LocalImage {
  const image = resolveImage(images, uri);
  if (image !== undefined) return image;
  const known = Object.keys(images).sort().join(', ');
  throw new JobFailure(
    'ClientError',
    `Cannot pull the training image '${uri}': no such repository on this machine. Known: ${known === '' ? 'none' : known}`,
  );
}

/** S3's refusals are the request's fault: a bucket that is not there, a key that cannot be read. */
async function transfer(what: string, stopSwitch: StopSwitch, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isAbort(error, stopSwitch)) throw error;
    throw new JobFailure('ClientError', `${what}: ${messageOf(error)}`, error);
  }
}
