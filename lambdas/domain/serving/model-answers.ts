import type { ModelManifest } from '../../contracts/model-manifest.ts';
import type { RouteTarget, RoutingTable } from '../../contracts/routing.ts';
import type { ModelLease, ModelOutput } from '../ports/served-models.ts';
import { shorten } from './describe-value.ts';
import { errorAnswer, jsonAnswer, type ServingAnswer, type ServingRequest } from './http-message.ts';
import { readJsonObject, type JsonObject } from './json-body.ts';
import { nonFinite, predictedValues } from './model-output.ts';
import type { RowsAsked } from './read-rows.ts';
import { isRefusal } from './refusal.ts';
import type { RequestForm } from './request-form.ts';
import type { ServingWorld } from './serving-world.ts';
import { candidates, pinnable, type Candidate } from './variant.ts';

/** One request to a model, as far as it is known before a version was chosen. */
interface Asked {
  readonly project: string;
  readonly inferenceId: string;
  readonly body: JsonObject;
  readonly form: RequestForm;
}

/** What to capture of one version's answer. */
interface Outcome {
  readonly status: number;
  readonly startedMs: number;
  readonly asked?: RowsAsked;
  readonly output?: ModelOutput;
}

/** Answers in the name of a model: chooses the version, and goes on to the next when one cannot. */
export class ModelAnswers {
  readonly #world: ServingWorld;
  /** By project: the champion that was last in memory, verified. It serves on while a new one cannot be. */
  readonly #lastVerified = new Map<string, RouteTarget>();

  constructor(world: ServingWorld) {
    this.#world = world;
  }

  /** Answers a prediction request. @param version as it stands in the path, when one was asked for by number */
  async predict(
    project: string,
    version: string | undefined,
    request: ServingRequest,
    form: RequestForm,
  ): Promise<ServingAnswer> {
    const inferenceId = this.#world.newId();
    const names = { 'millrace-inference-id': inferenceId };
    const body = readJsonObject(request.body);
    if (isRefusal(body)) return errorAnswer(400, body.refused, names);

    const found = await this.#find(
      project,
      version,
      request.headers['millrace-session'] ?? inferenceId,
      names,
    );
    if ('status' in found) return found;
    for (const candidate of found.list) {
      const answer = await this.#answerBy(candidate, { project, inferenceId, body, form });
      // A challenger on trial must not cost anybody an answer: the champion gives it instead.
      if (answer && (answer.status < 500 || candidate.variant !== 'challenger')) return answer;
    }
    return this.#noneServable(project, names);
  }

  /** Answers with what the model's manifest tells. */
  async describe(
    project: string,
    version: string | undefined,
    tell: (manifest: ModelManifest, versions: readonly number[]) => object,
  ): Promise<ServingAnswer> {
    const found = await this.#find(project, version, undefined, {});
    if ('status' in found) return found;
    const versions = pinnable(found.routing).map((target) => target.version);
    for (const candidate of found.list) {
      const lease = await this.#acquire(project, candidate);
      if (!lease) continue;
      try {
        const headers = { 'millrace-model-version': String(candidate.target.version) };
        return jsonAnswer(200, tell(lease.manifest, versions), headers);
      } finally {
        lease.release();
      }
    }
    return this.#noneServable(project, {});
  }

  /** @param key decides between champion and challenger; without one, it is the champion */
  async #find(
    project: string,
    version: string | undefined,
    key: string | undefined,
    names: Record<string, string>,
  ): Promise<{ readonly routing: RoutingTable; readonly list: Candidate[] } | ServingAnswer> {
    let routing: RoutingTable | undefined;
    try {
      routing = await this.#world.routing(project);
    } catch (error) {
      this.#world.report('the routing table cannot be read', { error, project });
      return errorAnswer(503, 'which version serves cannot be read just now: try again in a moment', names);
    }
    if (!routing) {
      return errorAnswer(
        503,
        `no model yet: upload data to s3://${this.#world.rawBucket}/${project}/`,
        names,
      );
    }
    if (version === undefined) {
      return { routing, list: candidates(routing, key, this.#lastVerified.get(project)) };
    }
    const targets = pinnable(routing);
    const target = targets.find((one) => String(one.version) === version);
    if (target) return { routing, list: [{ variant: 'pinned', target }] };
    const available = targets.map((one) => one.version).join(', ');
    return errorAnswer(
      404,
      `version '${shorten(version)}' of '${project}' is not served: available are ${available}`,
      names,
    );
  }

  /** @returns undefined when this version cannot be served at all */
  async #answerBy(candidate: Candidate, asked: Asked): Promise<ServingAnswer | undefined> {
    const askedMs = this.#world.elapsedMs();
    const lease = await this.#acquire(asked.project, candidate);
    if (!lease) {
      this.#capture(candidate, asked, { status: 500, startedMs: askedMs });
      return undefined;
    }
    try {
      return await this.#answerWith(lease, candidate, asked);
    } finally {
      lease.release();
    }
  }

  async #answerWith(lease: ModelLease, candidate: Candidate, asked: Asked): Promise<ServingAnswer> {
    const { project, inferenceId, body, form } = asked;
    const { version } = candidate.target;
    const headers = { 'millrace-model-version': String(version), 'millrace-inference-id': inferenceId };
    const read = form.read(body, lease.manifest, this.#world.projects[project]?.schema.features ?? {});
    if (isRefusal(read)) return errorAnswer(400, read.refused, headers);

    // Counted from here, so that a version's first request is not charged with its download.
    const startedMs = this.#world.elapsedMs();
    const output = await this.#run(lease, read, candidate, project);
    if (typeof output === 'string') {
      this.#capture(candidate, asked, { status: 500, startedMs, asked: read });
      return errorAnswer(500, `version ${version} of '${project}' failed: ${output}`, headers);
    }
    const answer = jsonAnswer(
      200,
      form.render(output, lease.manifest, body, { project, version, inferenceId }),
      headers,
    );
    this.#capture(candidate, asked, { status: 200, startedMs, asked: read, output });
    return answer;
  }

  /** @returns the output, or a sentence for the caller */
  async #run(
    lease: ModelLease,
    read: RowsAsked,
    { target }: Candidate,
    project: string,
  ): Promise<ModelOutput | string> {
    const { version } = target;
    try {
      const output = await lease.predict(read.columns, read.rows);
      const problem = nonFinite(output);
      if (problem === undefined) return output;
      this.#world.report('a model gave no finite number', { project, version, problem });
      return problem;
    } catch (error) {
      this.#world.report('a model failed', { error, project, version });
      return 'the model could not compute these rows';
    }
  }

  async #acquire(project: string, { variant, target }: Candidate): Promise<ModelLease | undefined> {
    try {
      const lease = await this.#world.models.acquire(project, target);
      if (variant === 'champion') this.#lastVerified.set(project, target);
      return lease;
    } catch (error) {
      this.#world.report('a version cannot be served', { error, project, version: target.version, variant });
      return undefined;
    }
  }

  #capture({ variant, target }: Candidate, { project, inferenceId }: Asked, outcome: Outcome): void {
    this.#world.capture({
      schemaVersion: 1,
      inferenceId,
      project,
      version: target.version,
      variant,
      at: this.#world.now(),
      status: outcome.status,
      latencyMs: this.#world.elapsedMs() - outcome.startedMs,
      rows: outcome.asked?.rows ?? 0,
      features: outcome.asked?.columns ?? {},
      predictions: outcome.output ? predictedValues(outcome.output) : [],
    });
  }

  #noneServable(project: string, names: Record<string, string>): ServingAnswer {
    return errorAnswer(
      503,
      `no version of '${project}' that was asked for can be verified and loaded just now: the log says why`,
      names,
    );
  }
}
