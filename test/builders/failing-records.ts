import type { RecordKey, Records, RecordWrite } from '../../lambdas/domain/ports/records.ts';

/** Records whose next commit fails when told to: before it happened, or after it happened and nobody heard. */
export class FailingRecords implements Records {
  readonly #inner: Records;
  failNextCommit: 'before' | 'after' | undefined;

  constructor(inner: Records) {
    this.#inner = inner;
  }

  read(key: RecordKey): Promise<unknown> {
    return this.#inner.read(key);
  }

  list(project: string, prefix: string, limit: number): Promise<unknown[]> {
    return this.#inner.list(project, prefix, limit);
  }

  async commit(writes: readonly RecordWrite[]): Promise<boolean> {
    const failure = this.failNextCommit;
    this.failNextCommit = undefined;
    if (failure === 'before') throw new Error('the function died before its commit');
    const committed = await this.#inner.commit(writes);
    if (failure === 'after') throw new Error('the function died after its commit');
    return committed;
  }
}
