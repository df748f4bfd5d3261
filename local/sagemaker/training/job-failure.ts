/**
 * Ends a job as Failed. `reason` is the FailureReason, with SageMaker's prefix for whose fault it is: `ClientError` the
 * request's, `AlgorithmError` the training code's.
 */
export class JobFailure extends Error {
  constructor(prefix: 'ClientError' | 'AlgorithmError', reason: string, cause?: unknown) {
    super(truncateReason(`${prefix}: ${reason}`), { cause });
    this.name = 'JobFailure';
  }
}

/** FailureReason holds at most 1024 characters. */
export const truncateReason = (reason: string): string => reason.slice(0, 1024);
