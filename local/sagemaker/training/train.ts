import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { TrainingContext } from '../context.ts';
import { messageOf } from '../errors.ts';
import type { LocalImage } from '../images.ts';
import type { TrainingJobRecord } from '../state/records.ts';
import { JobFailure } from './job-failure.ts';
import { createLogShipper } from './log-shipper.ts';
import { createMetricReader } from './metrics.ts';
import type { MlLayout } from './ml-layout.ts';
import { processCommand, processEnvironment } from './process-environment.ts';
import type { StopSwitch } from './stop-switch.ts';
import { startProcess } from './training-process.ts';
import type { ProcessEnd, TrainingProcess } from './training-process.ts';

/**
 * Runs the training code to its end, which may be the stop switch's doing. The answer is a failure when the code ended by
 * itself, and badly. Throws JobFailure when it cannot start.
 */
export async function train(
  context: TrainingContext,
  name: string,
  image: LocalImage,
  layout: MlLayout,
  stopSwitch: StopSwitch,
): Promise<JobFailure | undefined> {
  const { journal, now } = context;
  const job = journal.current(name);
  const metrics = createMetricReader(job.request.AlgorithmSpecification.MetricDefinitions ?? []);
  const stream = `${name}/algo-1-${Math.floor(now() / 1000)}`;
  const shipper = createLogShipper(context.clients.logs, stream, context.log);
  const logFile = createWriteStream(join(context.jobsFolder, name, 'training.log'), { flags: 'a' });
  let lastError = '';
  try {
    const process = await start({
      command: processCommand(job, image),
      env: processEnvironment(job, layout, image, {
        region: context.identity.region,
        emulatorEndpoint: context.emulatorEndpoint,
      }),
      cwd: layout.root,
      onLine(source, line) {
        const time = now();
        if (source === 'stderr' && line.trim() !== '') lastError = line.trim();
        logFile.write(`${line}\n`);
        shipper.write(line, time);
        metrics.read(line, time);
      },
    });
    journal.amend(name, { process: process.identity });
    const end = await waitFor(process, context, job, stopSwitch);
    journal.amend(name, { process: undefined, metrics: metrics.final() });
    const clean = end.exitCode === 0 || stopSwitch.cause !== undefined;
    return clean ? undefined : await explain(end, layout, lastError);
  } finally {
    await shipper.close();
    logFile.end();
    await finished(logFile);
  }
}

async function start(command: Parameters<typeof startProcess>[0]): Promise<TrainingProcess> {
  try {
    return await startProcess(command);
  } catch (error) {
    throw new JobFailure(
      'ClientError',
      `The command ${JSON.stringify(command.command)} of the image cannot be started: ${messageOf(error)}`,
      error,
    );
  }
}

async function waitFor(
  process: TrainingProcess,
  context: TrainingContext,
  job: TrainingJobRecord,
  stopSwitch: StopSwitch,
): Promise<ProcessEnd> {
  const maxRuntime = job.request.StoppingCondition.MaxRuntimeInSeconds ?? 86400;
  const clock = startTimer(maxRuntime * 1000, () => {
    stopSwitch.stop('MaxRuntimeExceeded');
  });
  let release: () => void = () => undefined;
  const stopped = new Promise<'stopped'>((resolve) => {
    release = () => resolve('stopped');
    stopSwitch.signal.addEventListener('abort', release, { once: true });
    if (stopSwitch.signal.aborted) release();
  });
  try {
    const first = await Promise.race([process.ended, stopped]);
    if (first !== 'stopped') return first;
    if (context.journal.current(job.name).status !== 'Stopping') {
      context.journal.move(job.name, 'Stopping', 'Stopping');
    }
    return await process.terminate(
      stopSwitch.cause === 'ServerShutdown' ? context.shutdownGraceSeconds : context.stopGraceSeconds,
    );
  } finally {
    clock.cancel();
    stopSwitch.signal.removeEventListener('abort', release);
  }
}

/** A timer of any length: setTimeout alone fires at once beyond 24.8 days. */
function startTimer(milliseconds: number, onEnd: () => void): { cancel(): void } {
  const longest = 2 ** 31 - 1;
  let rest = milliseconds;
  let timer: NodeJS.Timeout;
  const next = (): void => {
    const step = Math.min(rest, longest);
    rest -= step;
    timer = setTimeout(rest > 0 ? next : onEnd, step);
  };
  next();
  return {
    cancel() {
      clearTimeout(timer);
    },
  };
}

async function explain(end: ProcessEnd, layout: MlLayout, lastError: string): Promise<JobFailure> {
  const written = await readIfPresent(layout.failureFile);
  if (written !== '') return new JobFailure('AlgorithmError', written);
  const how = end.exitCode === null ? `killed by ${end.signal ?? 'a signal'}` : `exit code: ${end.exitCode}`;
  return new JobFailure('AlgorithmError', lastError === '' ? how : `${lastError.slice(0, 900)}, ${how}`);
}

async function readIfPresent(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
