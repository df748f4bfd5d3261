/** A request, whatever server took it. */
export interface ServingRequest {
  readonly method: string;
  /** Percent-encoded, without query and stage. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | Uint8Array | undefined;
}

/** An answer, for whatever server sends it. */
export interface ServingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

export function jsonAnswer(
  status: number,
  body: object,
  headers: Record<string, string> = {},
): ServingAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Every answer that is not 200 has the Open Inference Protocol's form of an error. */
export function errorAnswer(
  status: number,
  sentence: string,
  headers: Record<string, string> = {},
): ServingAnswer {
  return jsonAnswer(status, { error: sentence }, headers);
}
