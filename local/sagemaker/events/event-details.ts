import type { ModelPackageRecord, TrainingJobRecord } from '../state/records.ts';

export const TRAINING_JOB_STATE_CHANGE = 'SageMaker Training Job State Change';
export const MODEL_PACKAGE_STATE_CHANGE = 'SageMaker Model Package State Change';

type Detail = Record<string, unknown>;

/** Training events carry epoch milliseconds as strings; model package events carry ISO 8601. */
const epochText = (time: number | undefined): string | undefined => time?.toString();
const isoText = (time: number): string => new Date(time).toISOString();

/** Leaves out what JSON would leave out, so that what is stored equals what is sent. */
const present = (detail: Detail): Detail =>
  Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined));

/** As documented, without the model's location: consumers must Describe the job. */
export function trainingJobDetail(job: TrainingJobRecord): Detail {
  const { request } = job;
  return present({
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
    FailureReason: job.failureReason,
    HyperParameters: request.HyperParameters ?? {},
    AlgorithmSpecification: request.AlgorithmSpecification,
    RoleArn: request.RoleArn,
    InputDataConfig: request.InputDataConfig ?? [],
    OutputDataConfig: request.OutputDataConfig,
    ResourceConfig: request.ResourceConfig,
    VpcConfig: request.VpcConfig,
    StoppingCondition: request.StoppingCondition,
    CheckpointConfig: request.CheckpointConfig,
    Environment: request.Environment,
    EnableManagedSpotTraining: request.EnableManagedSpotTraining,
    CreationTime: epochText(job.creationTime),
    TrainingStartTime: epochText(job.trainingStartTime),
    TrainingEndTime: epochText(job.trainingEndTime),
    LastModifiedTime: epochText(job.lastModifiedTime),
    SecondaryStatusTransitions: job.transitions.map(({ status, startTime, endTime, message }) =>
      present({
        Status: status,
        StartTime: epochText(startTime),
        EndTime: epochText(endTime),
        StatusMessage: message,
      }),
    ),
    Tags: Object.fromEntries(job.tags.map(({ Key, Value }) => [Key, Value])),
  });
}

/** `updatedFields` is absent for a creation or a deletion. */
export function modelPackageDetail(
  modelPackage: ModelPackageRecord,
  status: 'Completed' | 'Deleting',
  updatedFields?: readonly string[],
): Detail {
  const { request } = modelPackage;
  return present({
    ModelPackageName: modelPackage.groupName,
    ModelPackageGroupName: modelPackage.groupName,
    ModelPackageVersion: modelPackage.version,
    ModelPackageArn: modelPackage.arn,
    ModelPackageDescription: request.ModelPackageDescription,
    CreationTime: isoText(modelPackage.creationTime),
    LastModifiedTime: isoText(modelPackage.lastModifiedTime ?? modelPackage.creationTime),
    InferenceSpecification: request.InferenceSpecification,
    ModelPackageStatus: status,
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CertifyForMarketplace: request.CertifyForMarketplace ?? false,
    ModelApprovalStatus: modelPackage.approvalStatus,
    ApprovalDescription: modelPackage.approvalDescription,
    MetadataProperties: request.MetadataProperties,
    ModelMetrics: request.ModelMetrics,
    CustomerMetadataProperties: request.CustomerMetadataProperties,
    ModelLifeCycle: request.ModelLifeCycle,
    SourceUri: request.SourceUri,
    UpdatedModelPackageFields: updatedFields,
  });
}
