/** An error that travels to the caller as SageMaker's own: `code` becomes the SDK error's name. */
export class ServiceError extends Error {
  readonly code: string;
  readonly httpStatus: number;

  constructor(code: string, message: string, httpStatus = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.httpStatus = httpStatus;
  }
}

/** The request is malformed, or names a registry entry that does not exist (the registry models no other error). */
export const validationError = (message: string): ServiceError =>
  new ServiceError('ValidationException', message);

export const resourceNotFound = (message: string): ServiceError =>
  new ServiceError('ResourceNotFound', message);

export const resourceInUse = (message: string): ServiceError => new ServiceError('ResourceInUse', message);

export const resourceLimitExceeded = (message: string): ServiceError =>
  new ServiceError('ResourceLimitExceeded', message);

export const conflict = (message: string): ServiceError => new ServiceError('ConflictException', message);

/** The message of anything thrown, for logs and failure reasons. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  // Node gives a refused connection no message, only a code.
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}
