import { trainingJobArn } from '../arns.ts';
import { resourceInUse, resourceNotFound, validationError } from '../errors.ts';
import {
  createTrainingJobInput,
  describeTrainingJobInput,
  listTrainingJobsInput,
  stopTrainingJobInput,
} from '../requests/training-job.ts';
import type { TrainingJobRecord } from '../state/records.ts';
import type { StateStore } from '../state/state-store.ts';
import { modelUri } from '../training/job-artifacts.ts';
import { enter, isTerminal } from '../training/job-state.ts';
import { isWithin, nameMatches } from './filters.ts';
import { operation, optionalSeconds, seconds } from './operation.ts';
import { paginate } from './pagination.ts';
import { checkTrainingJob } from './training-job-rules.ts';

export const createTrainingJob = operation(
  createTrainingJobInput,
  ({ store, identity, journal, supervisor, now }, input) => {
    const name = input.TrainingJobName;
    const existing = store.jobs.get(name);
    if (existing !== undefined) {
      throw resourceInUse(
        `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${existing.arn})`,
      );
    }
    checkTrainingJob(input);
    const time = now();
    const arn = trainingJobArn(identity, name);
    const blank: TrainingJobRecord = {
      name,
      arn,
      request: input,
      tags: input.Tags ?? [],
      status: 'InProgress',
      secondaryStatus: 'Starting',
      transitions: [],
      creationTime: time,
      lastModifiedTime: time,
      metrics: [],
    };
    journal.create(enter(blank, 'InProgress', supervisor.hasFreeSlot ? 'Starting' : 'Pending', time));
    supervisor.submit(name);
    return { TrainingJobArn: arn };
  },
);

export const describeTrainingJob = operation(describeTrainingJobInput, ({ store }, { TrainingJobName }) => {
  const job = findJob(store, TrainingJobName);
  // Tags have actions of their own; the rest of the request is part of the answer.
  const { Tags: _, ...request } = job.request;
  const duration = trainingSeconds(job);
  return {
    ...request,
    TrainingJobArn: job.arn,
    ModelArtifacts: { S3ModelArtifacts: modelUri(job) },
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
    FailureReason: job.failureReason,
    CreationTime: seconds(job.creationTime),
    LastModifiedTime: seconds(job.lastModifiedTime),
    TrainingStartTime: optionalSeconds(job.trainingStartTime),
    TrainingEndTime: optionalSeconds(job.trainingEndTime),
    TrainingTimeInSeconds: duration,
    BillableTimeInSeconds: duration,
    EnableNetworkIsolation: request.EnableNetworkIsolation ?? false,
    EnableInterContainerTrafficEncryption: request.EnableInterContainerTrafficEncryption ?? false,
    EnableManagedSpotTraining: request.EnableManagedSpotTraining ?? false,
    ProfilingStatus: 'Disabled',
    SecondaryStatusTransitions: job.transitions.map(({ status, startTime, endTime, message }) => ({
      Status: status,
      StartTime: seconds(startTime),
      EndTime: optionalSeconds(endTime),
      StatusMessage: message,
    })),
    FinalMetricDataList:
      job.metrics.length === 0
        ? undefined
        : job.metrics.map(({ name, value, time }) => ({
            MetricName: name,
            Value: value,
            Timestamp: seconds(time),
          })),
  };
});

export const listTrainingJobs = operation(listTrainingJobsInput, ({ store }, input) => {
  const jobs = store.jobs
    .list()
    .filter(
      (job) =>
        nameMatches(job.name, input.NameContains) &&
        (input.StatusEquals === undefined || job.status === input.StatusEquals) &&
        isWithin(job.creationTime, input.CreationTimeAfter, input.CreationTimeBefore) &&
        isWithin(job.lastModifiedTime, input.LastModifiedTimeAfter, input.LastModifiedTimeBefore),
    );
  const sortValue = {
    Name: (job: TrainingJobRecord) => job.name,
    CreationTime: (job: TrainingJobRecord) => job.creationTime,
    Status: (job: TrainingJobRecord) => job.status,
  }[input.SortBy ?? 'CreationTime'];
  const { page, NextToken } = paginate(jobs, (job) => [sortValue(job), job.name], input);
  return {
    NextToken,
    TrainingJobSummaries: page.map((job) => ({
      TrainingJobName: job.name,
      TrainingJobArn: job.arn,
      CreationTime: seconds(job.creationTime),
      TrainingEndTime: optionalSeconds(job.trainingEndTime),
      LastModifiedTime: seconds(job.lastModifiedTime),
      TrainingJobStatus: job.status,
      SecondaryStatus: job.secondaryStatus,
    })),
  };
});

export const stopTrainingJob = operation(
  stopTrainingJobInput,
  ({ store, supervisor }, { TrainingJobName }) => {
    const job = findJob(store, TrainingJobName);
    if (isTerminal(job)) {
      throw validationError(
        `The request was rejected because the training job is in status ${job.status}; only InProgress jobs can be stopped.`,
      );
    }
    if (job.status !== 'Stopping') supervisor.stop(job.name);
    return {};
  },
);

function findJob(store: StateStore, name: string): TrainingJobRecord {
  const job = store.jobs.get(name);
  if (job === undefined)
    throw resourceNotFound(`Requested resource not found: there is no training job '${name}'.`);
  return job;
}

/** The API model allows no zero. */
function trainingSeconds({ trainingStartTime, trainingEndTime }: TrainingJobRecord): number | undefined {
  if (trainingStartTime === undefined || trainingEndTime === undefined) return undefined;
  return Math.max(1, Math.round((trainingEndTime - trainingStartTime) / 1000));
}
