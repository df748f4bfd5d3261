import type { TrainingContext } from '../context.ts';
import { messageOf } from '../errors.ts';
import { runTrainingJob } from './run-job.ts';
import { StopSwitch } from './stop-switch.ts';

/** Shares the process slots of this machine among the jobs, first come first served. */
export class TrainingSupervisor {
  readonly #context: TrainingContext;
  readonly #slots: number;
  readonly #waiting: string[] = [];
  readonly #running = new Map<string, { stopSwitch: StopSwitch; done: Promise<void> }>();
  #closed = false;

  constructor(context: TrainingContext, slots: number) {
    this.#context = context;
    this.#slots = slots;
  }

  /** False when a job that is submitted now would have to wait. */
  get hasFreeSlot(): boolean {
    return this.#running.size < this.#slots && this.#waiting.length === 0;
  }

  submit(name: string): void {
    this.#waiting.push(name);
    this.#fill();
  }

  /** Stops a job that is running or waiting; its state must allow it. */
  stop(name: string): void {
    const { journal } = this.#context;
    const place = this.#waiting.indexOf(name);
    journal.move(name, 'Stopping', 'Stopping');
    if (place >= 0) {
      this.#waiting.splice(place, 1);
      journal.move(name, 'Stopped', 'Stopped');
    } else {
      this.#running.get(name)?.stopSwitch.stop('StopTrainingJob');
    }
  }

  /** Ends every running job as failed; waiting ones stay for the next start. */
  async shutdown(): Promise<void> {
    this.#closed = true;
    const running = [...this.#running.values()];
    for (const { stopSwitch } of running) stopSwitch.stop('ServerShutdown');
    await Promise.all(running.map(({ done }) => done));
  }

  #fill(): void {
    while (!this.#closed && this.#running.size < this.#slots) {
      const name = this.#waiting.shift();
      if (name === undefined) return;
      const stopSwitch = new StopSwitch();
      this.#running.set(name, { stopSwitch, done: this.#run(name, stopSwitch) });
    }
  }

  async #run(name: string, stopSwitch: StopSwitch): Promise<void> {
    // The answer to CreateTrainingJob comes first.
    await Promise.resolve();
    try {
      await runTrainingJob(this.#context, name, stopSwitch);
    } catch (error) {
      // Only the state folder itself can fail here; the job is marked at the next start.
      this.#context.log({
        level: 'error',
        message: 'A training job lost its state',
        job: name,
        error: messageOf(error),
      });
    } finally {
      this.#running.delete(name);
      this.#fill();
    }
  }
}
