import { execFileSync } from 'node:child_process';
import { afterEach, expect, test, vi } from 'vitest';
import { createClients } from '../../../cli/client/aws-clients.ts';
import type { Connection } from '../../../cli/client/connection.ts';
import { PredictionRefused, predictions } from '../../../cli/client/predictions.ts';
import { json, stacksOf } from './fake-cloud.ts';
import { withCloud } from './with-cloud.ts';

const world = withCloud();
const answer = {
  model: 'wine',
  version: 2,
  inferenceId: 'i-1',
  predictions: [{ label: 'red', probabilities: { red: 0.9, white: 0.1 } }],
};

afterEach(() => {
  vi.unstubAllEnvs();
});

test('rows go as JSON, the answer comes parsed', async () => {
  world.cloud.answers = { 'POST /models/wine/predict': () => json(answer) };
  const millrace = await world.connect();
  expect(await millrace.predict('wine', [{ alcohol: 13.2, colour: 'dunkel – rot', aged: null }])).toEqual(
    answer,
  );
  const request = world.cloud.requests.at(-1);
  expect(request?.headers['content-type']).toBe('application/json');
  expect(request?.body).toBe('{"rows":[{"alcohol":13.2,"colour":"dunkel – rot","aged":null}]}');
});

test('a version is in the path, a session in its header', async () => {
  world.cloud.answers = { 'POST /models/wine/versions/3/predict': () => json({ ...answer, version: 3 }) };
  const millrace = await world.connect();
  await millrace.predict('wine', [{ a: 1 }], { version: 3, session: 's-7' });
  expect(world.cloud.requests.at(-1)?.headers['millrace-session']).toBe('s-7');
});

test('a name under .localhost is dialled without asking a name server', async () => {
  world.cloud.stacks = stacksOf(`http://api-1.execute-api.localhost:${world.cloud.port}`);
  world.cloud.answers = { 'POST /models/wine/predict': () => json(answer) };
  const millrace = await world.connect();
  expect(await millrace.predict('wine', [{ a: 1 }])).toEqual(answer);
  expect(world.cloud.requests.at(-1)?.headers.host).toBe(`api-1.execute-api.localhost:${world.cloud.port}`);
});

test.each([
  [400, '{"error":"row 1 lacks alcohol"}', 'the API answered 400: row 1 lacks alcohol'],
  [503, '{"error":"no model yet"}', 'the API answered 503: no model yet'],
  [429, '{"message":"Too Many Requests"}', 'the API answered 429: Too Many Requests'],
  [502, '<html>bad gateway</html>', 'the API answered 502: <html>bad gateway</html>'],
  [500, '', 'the API answered 500: nothing'],
  [403, '{"message":"Forbidden"}', 'the API answered 403: Forbidden'],
])('status %i is refused with the sentence of the API', async (status, body, message) => {
  world.cloud.answers = { 'POST /models/wine/predict': () => ({ status, body }) };
  const millrace = await world.connect();
  const failure = await millrace.predict('wine', [{ a: 1 }]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PredictionRefused);
  expect(failure).toMatchObject({ status, message });
});

test('an answer that fits no contract is an error', async () => {
  world.cloud.answers = { 'POST /models/wine/predict': () => json({ ...answer, version: 'two' }) };
  const millrace = await world.connect();
  await expect(millrace.predict('wine', [{ a: 1 }])).rejects.toThrow();
});

test('an unknown project is refused before anything is sent', async () => {
  const millrace = await world.connect();
  const before = world.cloud.requests.length;
  await expect(millrace.predict('beer', [{ a: 1 }])).rejects.toThrow(
    "millrace-local has no project 'beer': it has breast-cancer, wine",
  );
  expect(world.cloud.requests).toHaveLength(before);
});

test('the curl command, given to a shell, sends these very rows', async () => {
  const millrace = await world.connect();
  const rows = [{ text: `it's "50 %" $HOME \`date\` \\ \n!`, number: -1.5e-7, none: null }];
  const command = millrace.curlOf('wine', rows, { session: "a'b" });
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`], {
    encoding: 'utf8',
  })
    .split('\0')
    .slice(0, -1);
  expect(words).toEqual([
    '-sS',
    `${world.cloud.url}/models/wine/predict`,
    '-H',
    'content-type: application/json',
    '-H',
    "millrace-session: a'b",
    '-d',
    JSON.stringify({ rows }),
  ]);
});

async function inAws(): Promise<Connection> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  const { outputs, projects } = await world.connect();
  const cloud = { kind: 'aws', environment: 'dev', prefix: 'millrace-dev', region: 'eu-west-1' } as const;
  return { cloud, outputs, projects, clients: createClients(cloud) };
}

test('in AWS a request is signed for the API with the ambient credentials', async () => {
  world.cloud.answers = { 'POST /models/wine/predict': () => json(answer) };
  const aws = predictions(await inAws());
  expect(await aws.predict('wine', [{ a: 1 }], { session: 's-1' })).toEqual(answer);
  const headers = world.cloud.requests.at(-1)?.headers;
  expect(headers?.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=content-type;host;millrace-session;/,
  );
  expect(headers?.['x-amz-security-token']).toBe('token');
});

test('in AWS an unsigned request that is forbidden says how to sign', async () => {
  world.cloud.answers = { 'POST /models/wine/predict': () => json({ message: 'Forbidden' }, 403) };
  const aws = predictions(await inAws());
  await expect(aws.predict('wine', [{ a: 1 }], { sign: false })).rejects.toThrow('leave out --no-sign');
  expect(world.cloud.requests.at(-1)?.headers).not.toHaveProperty('authorization');
  expect(aws.curlOf('wine', [{ a: 1 }])).toContain('--aws-sigv4 aws:amz:eu-west-1:execute-api');
  expect(aws.curlOf('wine', [{ a: 1 }])).not.toContain('secret');
});
