/** What a person can do about a training job that was stopped, by SageMaker's secondary status. */
const remedies: Readonly<Record<string, string>> = {
  MaxRuntimeExceeded:
    'it ran for its maximum runtime; raise training.maximumRuntimeSeconds in project.ts, or let it train less, and deploy',
  MaxWaitTimeExceeded:
    'with its wait for Spot capacity it took its maximum time; raise training.maximumWaitSeconds in project.ts, or set training.spot to false, and deploy',
  Stopped: 'somebody stopped it; ask for another run with `millrace retrain <project>`',
};

/**
 * Why a training job that ended otherwise than as Completed gave no model, as one sentence.
 * @param status SageMaker's TrainingJobStatus
 * @param secondaryStatus SageMaker's SecondaryStatus
 */
export function unfinishedJob(name: string, status: string, secondaryStatus: string | undefined): string {
  const ended = `training job ${name} ended as ${status} (${secondaryStatus ?? 'no details given'})`;
  const remedy =
    status === 'Stopped' && secondaryStatus !== undefined && Object.hasOwn(remedies, secondaryStatus)
      ? remedies[secondaryStatus]
      : 'only Completed gives a model; the log of the job says more';
  return `${ended}: ${remedy}`;
}
