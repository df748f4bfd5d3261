/** Asks a model. `version` is as it stands in the path. */
export interface ModelRoute {
  readonly kind: 'metadata' | 'model-ready' | 'infer' | 'predict';
  readonly model: string;
  readonly version: string | undefined;
}

/** What a path and a method ask for. */
export type Route =
  | { readonly kind: 'server-metadata' | 'live' | 'ready' | 'unknown' }
  | ModelRoute
  | { readonly kind: 'wrong-method'; readonly allowed: 'GET' | 'POST' };

const modelPath = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/;
const plainPath = /^\/models\/([^/]+)(?:\/versions\/([^/]+))?\/predict$/;
const serverPaths = {
  '/v2': 'server-metadata',
  '/v2/health/live': 'live',
  '/v2/health/ready': 'ready',
} as const;
const kinds = { ready: 'model-ready', infer: 'infer' } as const;

/** Finds the route of a request. A slash at the end changes nothing. */
export function findRoute(method: string, rawPath: string): Route {
  const path = decodePath(rawPath);
  if (path === undefined) return { kind: 'unknown' };
  const found = matchPath(path);
  if (found.kind === 'unknown') return found;
  const allowed = found.kind === 'infer' || found.kind === 'predict' ? 'POST' : 'GET';
  return method === allowed ? found : { kind: 'wrong-method', allowed };
}

function matchPath(path: string): Route {
  const server = Object.entries(serverPaths).find(([known]) => known === path);
  if (server) return { kind: server[1] };
  const plain = plainPath.exec(path);
  if (plain?.[1]) return { kind: 'predict', model: plain[1], version: plain[2] };
  const match = modelPath.exec(path);
  if (!match?.[1]) return { kind: 'unknown' };
  const kind = match[3] === 'ready' || match[3] === 'infer' ? kinds[match[3]] : 'metadata';
  return { kind, model: match[1], version: match[2] };
}

function decodePath(rawPath: string): string | undefined {
  try {
    return decodeURIComponent(rawPath).replace(/\/$/, '');
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
