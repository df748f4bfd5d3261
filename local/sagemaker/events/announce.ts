import { randomUUID } from 'node:crypto';
import type { PendingEvent } from '../state/collection.ts';
import type { ModelPackageRecord, TrainingJobRecord } from '../state/records.ts';
import {
  MODEL_PACKAGE_STATE_CHANGE,
  modelPackageDetail,
  TRAINING_JOB_STATE_CHANGE,
  trainingJobDetail,
} from './event-details.ts';

/** Makes the events that are stored beside a changed record. */
export interface Announcer {
  trainingJob(job: TrainingJobRecord, time: number): PendingEvent;
  modelPackage(
    modelPackage: ModelPackageRecord,
    time: number,
    status: 'Completed' | 'Deleting',
    updatedFields?: readonly string[],
  ): PendingEvent;
}

/** `lastOrder` is the highest order already given, over all restarts. */
export function createAnnouncer(lastOrder: number): Announcer {
  let order = lastOrder;
  const event = (detailType: string, resource: string, time: number, detail: Record<string, unknown>) => ({
    id: randomUUID(),
    order: ++order,
    time,
    detailType,
    resource,
    detail,
  });
  return {
    trainingJob: (job, time) => event(TRAINING_JOB_STATE_CHANGE, job.arn, time, trainingJobDetail(job)),
    modelPackage: (modelPackage, time, status, updatedFields) =>
      event(
        MODEL_PACKAGE_STATE_CHANGE,
        modelPackage.arn,
        time,
        modelPackageDetail(modelPackage, status, updatedFields),
      ),
  };
}
