export type StopCause = 'StopTrainingJob' | 'MaxRuntimeExceeded' | 'ServerShutdown';

/** Thrown out of whatever a job was waiting for when it was told to stop. */
export class JobStopped extends Error {
  constructor() {
    super('The training job was told to stop');
    this.name = 'JobStopped';
  }
}

/** Tells a running job to stop, once; the first cause is the one that counts. */
export class StopSwitch {
  readonly #controller = new AbortController();
  #cause: StopCause | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get cause(): StopCause | undefined {
    return this.#cause;
  }

  stop(cause: StopCause): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.#controller.abort(new JobStopped());
  }
}
