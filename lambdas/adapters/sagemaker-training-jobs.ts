import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  ResourceInUse,
} from '@aws-sdk/client-sagemaker';
import type { SageMakerClient, TrainingInstanceType } from '@aws-sdk/client-sagemaker';
import type { TrainingJobRequest } from '../contracts/training-steps.ts';
import type { TrainingJobDescription, TrainingJobs } from '../domain/ports/training-jobs.ts';

export class SageMakerTrainingJobs implements TrainingJobs {
  readonly #client: SageMakerClient;

  constructor(client: SageMakerClient) {
    this.#client = client;
  }

  async start(request: TrainingJobRequest): Promise<'started' | 'already-started'> {
    try {
      await this.#client.send(
        new CreateTrainingJobCommand({
          ...request,
          ResourceConfig: {
            ...request.ResourceConfig,
            // SageMaker knows newer types than the SDK's list; it refuses what it does not know.
            InstanceType: request.ResourceConfig.InstanceType as TrainingInstanceType,
          },
        }),
      );
      return 'started';
    } catch (error) {
      if (error instanceof ResourceInUse) return 'already-started';
      throw error;
    }
  }

  async describe(name: string): Promise<TrainingJobDescription> {
    const job = await this.#client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    if (!job.TrainingJobStatus) throw new Error(`SageMaker described training job ${name} without a status`);
    const archive = job.ModelArtifacts?.S3ModelArtifacts;
    return {
      TrainingJobName: name,
      TrainingJobArn: job.TrainingJobArn,
      TrainingJobStatus: job.TrainingJobStatus,
      SecondaryStatus: job.SecondaryStatus,
      FailureReason: job.FailureReason,
      ModelArtifacts: archive === undefined ? undefined : { S3ModelArtifacts: archive },
      TrainingTimeInSeconds: job.TrainingTimeInSeconds,
      BillableTimeInSeconds: job.BillableTimeInSeconds,
      CreationTime: job.CreationTime?.toISOString(),
      TrainingStartTime: job.TrainingStartTime?.toISOString(),
      TrainingEndTime: job.TrainingEndTime?.toISOString(),
    };
  }
}
