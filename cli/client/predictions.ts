import { z } from 'zod';
import { plainAnswer } from '../../lambdas/contracts/plain-rows.ts';
import type { PlainAnswer } from '../../lambdas/contracts/plain-rows.ts';
import type { FeatureValue } from '../../lambdas/contracts/prediction-record.ts';
import type { Connection } from './connection.ts';
import { requireProject } from './connection.ts';
import { requireLoopback } from './loopback.ts';
import { MillraceError } from './millrace-error.ts';
import { postJson } from './post-json.ts';
import { shellQuote } from './shell-quote.ts';
import { signRequest } from './sign-request.ts';

/** One row: a value for each feature. */
export type Row = Readonly<Record<string, FeatureValue>>;

export interface PredictOptions {
  /** Asks this version, which must be champion, challenger or previous, and not the routing table. */
  readonly version?: number | undefined;
  /** Requests of one session are answered by one version, as long as the traffic's shares stay. */
  readonly session?: string | undefined;
  /**
   * Signs with the ambient credentials, for an API with IAM authorisation.
   * @default true in AWS; a local cloud is never signed for
   */
  readonly sign?: boolean | undefined;
}

const refusal = z
  .object({ error: z.string().min(1) })
  .or(z.object({ message: z.string().min(1) }).transform(({ message }) => ({ error: message })));

/** The API did not predict. */
export class PredictionRefused extends MillraceError {
  override readonly name = 'PredictionRefused';
  /** HTTP status of the answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Predictions over HTTP, as any caller gets them. */
export function predictions(connection: Connection) {
  const { cloud, outputs } = connection;
  const local = cloud.kind === 'local';

  /** Where predictions of a project are asked for. @throws MillraceError when a local cloud's is elsewhere */
  function predictUrl(project: string, options: PredictOptions = {}): URL {
    const api = local
      ? requireLoopback(outputs.serving.ApiUrl, "the local cloud's API")
      : outputs.serving.ApiUrl;
    const pinned = options.version === undefined ? '' : `/versions/${options.version}`;
    return new URL(`${api}/models/${encodeURIComponent(project)}${pinned}/predict`);
  }

  const signs = ({ sign = true }: PredictOptions): boolean => sign && !local;

  const sessionHeader = ({ session }: PredictOptions): Record<string, string> =>
    session === undefined ? {} : { 'millrace-session': session };

  return {
    predictUrl,

    /**
     * Predicts for rows.
     * @throws PredictionRefused with the API's own sentence for any status but 200
     */
    async predict(project: string, rows: readonly Row[], options: PredictOptions = {}): Promise<PlainAnswer> {
      requireProject(connection, project);
      const url = predictUrl(project, options);
      const body = JSON.stringify({ rows });
      const headers = sessionHeader(options);
      const signed = signs(options) ? await signRequest(url, body, headers, cloud.region) : headers;
      const answer = await postJson(url, body, signed);
      if (answer.status !== 200) throw refused(answer.status, answer.body, local || signs(options));
      return plainAnswer.parse(parseJson(answer.body));
    },

    /** The command that sends the same request, to copy and paste. A signed one takes its keys from the environment. */
    curlOf(project: string, rows: readonly Row[], options: PredictOptions = {}): string {
      const words = ['curl', '-sS', shellQuote(predictUrl(project, options).href)];
      const headers = { 'content-type': 'application/json', ...sessionHeader(options) };
      for (const [name, value] of Object.entries(headers)) words.push('-H', shellQuote(`${name}: ${value}`));
      if (signs(options)) {
        const region = cloud.region === undefined ? '"$AWS_REGION"' : shellQuote(cloud.region);
        words.push(
          '--aws-sigv4',
          `aws:amz:${region}:execute-api`,
          '--user',
          '"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
          '-H',
          '"x-amz-security-token: $AWS_SESSION_TOKEN"',
        );
      }
      words.push('-d', shellQuote(JSON.stringify({ rows })));
      return words.join(' ');
    },
  };
}

function refused(status: number, body: string, nothingToSign: boolean): PredictionRefused {
  const said = refusal.safeParse(parseJson(body)).data?.error ?? (body.slice(0, 200) || 'nothing');
  if (status === 403 && !nothingToSign) {
    return new PredictionRefused(
      status,
      `the API refused an unsigned request (403: ${said}): it asks for IAM authorisation, so leave out --no-sign`,
    );
  }
  return new PredictionRefused(status, `the API answered ${status}: ${said}`);
}

/** Text that is not JSON stays text, which no schema takes for an answer. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
