import { setTimeout as sleep } from 'node:timers/promises';
import { registerExtension, type InvokeEvent, type RegisteredExtension } from './extensions-api.ts';

/** A handler as Lambda calls it. */
type AsyncHandler<Event, Answer> = (event: Event, context: { awsRequestId: string }) => Promise<Answer>;

export interface AfterResponseOptions {
  /** Work that no caller should wait for. It must not throw, and must take what piled up since its last call. */
  readonly work: () => Promise<void>;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Host and port of Lambda's runtime API; undefined anywhere else. */
  readonly runtimeApi: string | undefined;
  readonly extensionName?: string;
  /** Outside Lambda: how long work is gathered, in milliseconds. */
  readonly gatherMs?: number;
}

/** Wraps a handler so that the work is done after each of its answers. */
export type AfterResponse = <Event, Answer>(
  handler: AsyncHandler<Event, Answer>,
) => AsyncHandler<Event, Answer>;

/**
 * Work after the answer. Lambda freezes a function as soon as it has answered, unless an extension is still busy: so on
 * Lambda this process registers as one, does the work once the answer is out, and asks for the next event only then
 * (Lambda developer guide, "Lambda Extensions API", invoke phase). Elsewhere the work is done in the background.
 * To be awaited while the function starts: registering is not possible later.
 */
export async function afterResponse(options: AfterResponseOptions): Promise<AfterResponse> {
  const { runtimeApi, warn, extensionName = 'millrace-after-response' } = options;
  if (runtimeApi === undefined) return inBackground(options);
  try {
    return asExtension(await registerExtension(runtimeApi, extensionName), options);
  } catch (error) {
    warn(
      'work after answers is done in the background and may be frozen half-way: no extension was registered',
      { error },
    );
    return inBackground(options);
  }
}

function inBackground(options: AfterResponseOptions): AfterResponse {
  const plan = backgroundPlan(options);
  return (handler) => async (event, context) => {
    try {
      return await handler(event, context);
    } finally {
      plan();
    }
  };
}

/** @returns a function that plans the work, once for all calls until it begins */
function backgroundPlan({ work, gatherMs = 10 }: AfterResponseOptions): () => void {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      void work();
    }, gatherMs);
  };
}

function asExtension(extension: RegisteredExtension, options: AfterResponseOptions): AfterResponse {
  const answers = new AnsweredRequests();
  const plan = backgroundPlan(options);
  let following = true;
  void followInvocations(extension, answers, options).then(() => {
    following = false;
    plan();
  });
  return (handler) => async (event, context) => {
    try {
      return await handler(event, context);
    } finally {
      if (following) answers.answered(context.awsRequestId);
      else plan();
    }
  };
}

/** Calls for the next event that may fail in a row; while none is answered, Lambda invokes nothing. */
const maximumFailures = 5;

/** Does the work after each invocation. Ends only when the Extensions API is gone. */
async function followInvocations(
  extension: RegisteredExtension,
  answers: AnsweredRequests,
  { work, warn }: AfterResponseOptions,
): Promise<void> {
  for (let failures = 0; failures < maximumFailures;) {
    let invocation: InvokeEvent;
    try {
      invocation = await extension.next();
      failures = 0;
    } catch (error) {
      failures += 1;
      warn('the Extensions API gave no next event', { error, failures });
      await sleep(100);
      continue;
    }
    await answers.of(invocation);
    // Lets the runtime send the answer before the work takes the processor.
    await sleep(1);
    await work();
  }
  warn(
    'the Extensions API is given up: work after answers is done in the background and may be frozen half-way',
    {},
  );
}

/** Knows which requests the handler is done with; the extension may hear of a request before or after that. */
class AnsweredRequests {
  readonly #done = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  answered(requestId: string): void {
    const go = this.#waiting.get(requestId);
    if (go) go();
    else this.#done.add(requestId);
  }

  /** Resolves when the request was answered, or at its deadline: a handler that never answers must not stop the loop. */
  async of({ requestId, deadlineMs }: InvokeEvent): Promise<void> {
    if (this.#done.delete(requestId)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(requestId, resolve);
    const timer = setTimeout(resolve, Math.max(0, deadlineMs - Date.now()));
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(requestId);
  }
}
