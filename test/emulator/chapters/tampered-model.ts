import { expect, test } from 'vitest';
import { waitFor } from '../../../cli/client/wait-for.ts';
import { inferenceError } from '../../../lambdas/contracts/open-inference.ts';
import type { Row } from '../../../cli/client/predictions.ts';
import { changeVariables } from '../support/functions.ts';
import { bodyOf } from '../support/http.ts';
import { readObject, writeObject } from '../support/objects.ts';
import { answersBy } from '../support/served-version.ts';
import { project, type World } from '../support/world.ts';

/** One more field of ONNX's ModelProto, `doc_string`: "x". The model loads and computes as before; it is only not the same. */
const documentation = Buffer.from([0x32, 0x01, 0x78]);

export function tamperedModel(world: World): void {
  const { api, millrace, clients, files } = world;
  const { ServeFunctionName } = millrace.outputs.serving;
  let rows: Row[];
  let model: string;
  let original: Buffer;
  let since: Date;

  test('a champion that was changed is refused at load, and its predecessor serves on', async () => {
    rows = await files.unlabelled('usual', 1);
    await answersBy(world, 2, rows);
    const table = await millrace.routing(project);
    expect(table).toMatchObject({ champion: { version: 2 }, previous: { version: 1 } });
    model = `${table?.champion.artifactUri}model.onnx`;
    original = await readObject(world, model);
    const tampered = Buffer.concat([original, documentation]);
    await writeObject(world, model, tampered);

    since = new Date();
    // New instances: those that run have the verified model in memory.
    const restore = await changeVariables(clients, ServeFunctionName, () => ({ ROUTING_TTL_MS: '999' }));
    await restore();
    expect((await millrace.predict(project, rows)).version).toBe(1);
    const pinned = await api.post(`/models/${project}/versions/2/predict`, { rows });
    expect(pinned.status, pinned.body).toBe(503);
    expect(bodyOf(pinned, inferenceError).error).toMatch(
      /can be verified and loaded just now: the log says why/,
    );
  });

  test('the log says what was refused and why', async () => {
    const line = await waitFor(
      'the refusal in the log',
      async () => {
        for await (const { message } of millrace.logs(project, { since, function: 'serve-predictions' })) {
          if (message.includes('was changed after it was signed')) return message;
        }
        return undefined;
      },
      { timeoutMs: 30_000, intervalMs: 500 },
    );
    expect(line).toMatch(/version 2 of 'breast-cancer' at s3:.*model\.onnx was changed after it was signed/);
  });

  test('with its own bytes again, version 2 serves', async () => {
    await writeObject(world, model, original);
    await answersBy(world, 2, rows);
  });
}
