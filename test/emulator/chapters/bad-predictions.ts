import { expect, test } from 'vitest';
import type { Row } from '../../../cli/client/predictions.ts';
import { inferenceError } from '../../../lambdas/contracts/open-inference.ts';
import { bodyOf } from '../support/http.ts';
import { project, type World } from '../support/world.ts';

const plain = `/models/${project}/predict`;
const infer = `/v2/models/${project}/infer`;

interface BadRequest {
  readonly what: string;
  readonly path: string;
  readonly body: (row: Row) => unknown;
  readonly status: number;
  readonly says: RegExp;
}

/** One tensor for each feature, as the model takes them, the first of them spoilt. */
const tensors = (row: Row, changes: object): object => ({
  inputs: Object.entries(row).map(([name, value], i) => ({
    name,
    shape: [1, 1],
    datatype: 'FP32',
    data: [value],
    ...(i === 0 && changes),
  })),
});

const requests: readonly BadRequest[] = [
  {
    what: 'a feature by a wrong name',
    path: plain,
    body: ({ mean_radius: value, ...others }) => ({ rows: [{ ...others, radius_mean: value }] }),
    status: 400,
    says: /row 1: feature 'mean_radius' is missing, and 'radius_mean' is unknown/,
  },
  {
    what: 'a feature too many',
    path: plain,
    body: (row) => ({ rows: [{ ...row, colour: 'red' }] }),
    status: 400,
    says: /row 1: unknown feature 'colour'/,
  },
  {
    what: 'a text for a number',
    path: plain,
    body: (row) => ({ rows: [row, { ...row, mean_radius: 'wide' }] }),
    status: 400,
    says: /row 2.*mean_radius.*expected a number/,
  },
  {
    what: 'null where none may be',
    path: plain,
    body: (row) => ({ rows: [{ ...row, mean_radius: null }] }),
    status: 400,
    says: /row 1.*mean_radius/,
  },
  {
    what: 'more rows than one request may have',
    path: plain,
    body: (row) => ({ rows: Array(1001).fill(row) }),
    status: 400,
    says: /the request has 1001 rows, at most 1000 are taken/,
  },
  { what: 'no rows', path: plain, body: () => ({ rows: [] }), status: 400, says: /the request has no rows/ },
  { what: 'broken JSON', path: plain, body: () => '{"rows": [', status: 400, says: /the body is not JSON/ },
  {
    what: 'another content',
    path: plain,
    body: () => 'mean_radius,mean_texture\n1,2\n',
    status: 400,
    says: /the body is not JSON/,
  },
  {
    what: 'a list for an object',
    path: plain,
    body: () => [1, 2],
    status: 400,
    says: /expected a JSON object/,
  },
  {
    what: 'a body of more than 4 MiB',
    path: plain,
    body: () => ' '.repeat(4 * 1024 * 1024 + 1),
    status: 400,
    says: /the body has 4194305 bytes, at most 4194304 are taken/,
  },
  { what: 'nothing at all', path: plain, body: () => '', status: 400, says: /the body is empty/ },
  {
    what: 'a tensor of a wrong name',
    path: infer,
    body: (row) => tensors(row, { name: 'radius' }),
    status: 400,
    says: /the model has no input 'radius': it takes 'mean_radius' FP32/,
  },
  {
    what: 'a tensor of a wrong shape',
    path: infer,
    body: (row) => tensors(row, { shape: [1, 2] }),
    status: 400,
    says: /'mean_radius': the shape is \[1,2\], expected \[rows,1\]/,
  },
  {
    what: 'a tensor with more data than its shape',
    path: infer,
    body: (row) => tensors(row, { data: [1, 2, 3] }),
    status: 400,
    says: /'mean_radius': the data has 3 values, expected 1 for the shape \[1,1\]/,
  },
  {
    what: 'a tensor of a wrong type',
    path: infer,
    body: (row) => tensors(row, { datatype: 'BYTES' }),
    status: 400,
    says: /'mean_radius': the datatype is .*BYTES.*, expected "FP32"/,
  },
  {
    what: 'an unknown model',
    path: '/models/no-such-model/predict',
    body: (row) => ({ rows: [row] }),
    status: 404,
    says: /there is no model 'no-such-model': known are 'breast-cancer'/,
  },
  {
    what: 'a version that does not serve',
    path: `/models/${project}/versions/7/predict`,
    body: (row) => ({ rows: [row] }),
    status: 404,
    says: /version '7' of 'breast-cancer' is not served: available are 1/,
  },
  { what: 'an unknown path', path: '/nowhere', body: () => ({}), status: 404, says: /there is no such path/ },
];

export function badPredictions({ api, files, millrace }: World): void {
  let row: Row;

  test('a good row to spoil', async () => {
    [row = {}] = await files.unlabelled('usual', 1);
    expect(Object.keys(row)).toHaveLength(30);
  });

  test.each(requests)('$what: $status and a sentence', async ({ path, body, status, says }) => {
    const answer = await api.post(path, body(row));
    expect(answer.status, answer.body).toBe(status);
    expect(bodyOf(answer, inferenceError).error).toMatch(says);
  });

  test('GET where POST belongs: 405', async () => {
    const answer = await api.get(plain);
    expect(answer.status, answer.body).toBe(405);
    expect(bodyOf(answer, inferenceError).error).toBe('this path takes POST, not GET');
  });

  test('none of it had an effect: version 1 answers as before', async () => {
    expect(await millrace.predict(project, [row])).toMatchObject({ version: 1 });
    expect(await millrace.routing(project)).toMatchObject({ revision: 1 });
  });
}
