import { expect, test } from 'vitest';
import type { Row } from '../../../cli/client/predictions.ts';
import { modelVersionRolledBack } from '../../../lambdas/contracts/rollout-events.ts';
import { answersBy } from '../support/served-version.ts';
import { project, type World } from '../support/world.ts';

/** How long a rollback may take to reach the callers, in milliseconds. */
const promised = 5_000;

export function rollback(world: World): void {
  const { millrace, events, files } = world;
  let rows: Row[];

  test('one command, and version 1 answers again', async () => {
    rows = await files.unlabelled('usual', 1);
    await answersBy(world, 2, rows);
    const answer = await millrace.rollBack({ project, reason: 'the clinic complains' });
    expect(answer).toEqual({
      rolledBack: true,
      message: `${project}: version 1 answers all traffic again, version 2 none`,
      champion: 1,
    });
    await answersBy(world, 1, rows, promised);
    expect(await millrace.routing(project)).toMatchObject({
      champion: { version: 1 },
      previous: { version: 2 },
    });
    const { detail } = await events.next(modelVersionRolledBack, ({ version }) => version === 2);
    expect(detail).toMatchObject({ by: 'person', champion: 2, reasons: ['the clinic complains'] });
  });

  test.each([
    [1, `${project}: version 1 is the champion already`],
    [99, `${project} has no version 99: it has 2, 1`],
  ])('to version %i: nothing happens, and a sentence says why', async (toVersion, message) => {
    const before = await millrace.routing(project);
    expect(await millrace.rollBack({ project, toVersion, reason: 'by mistake' })).toEqual({
      rolledBack: false,
      message,
      champion: 1,
    });
    expect(await millrace.routing(project)).toEqual(before);
  });

  test('a rollback can itself be undone', async () => {
    expect(await millrace.rollBack({ project, reason: 'it was not the model' })).toMatchObject({
      rolledBack: true,
      champion: 2,
    });
    await answersBy(world, 2, rows, promised);
  });
}
