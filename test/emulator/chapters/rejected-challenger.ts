import { expect, test } from 'vitest';
import { trainingRunFinished } from '../../../lambdas/contracts/training-run-finished.ts';
import { ended, project, retrain, type World } from '../support/world.ts';

export function rejectedChallenger(world: World): void {
  const { millrace, events } = world;

  test('the same data and code again make a tie, which keeps the champion', async () => {
    const before = await millrace.routing(project);
    const runId = await retrain(world, 'nothing changed');
    const run = await ended(world, runId);
    expect(run).toMatchObject({ state: 'rejected', cause: 'person' });
    expect(run.reasons).toHaveLength(1);
    expect(run.reasons[0]).toMatch(
      /^logLoss is .* against the champion's .*: better by 0, more than 0 wanted$/,
    );
    expect(run.metrics).toEqual(run.championMetrics);

    const { detail } = await events.next(trainingRunFinished, (finished) => finished.runId === runId);
    expect(detail).toMatchObject({ outcome: 'rejected', reasons: run.reasons });
    expect((await millrace.versions(project)).map(({ version }) => version)).toEqual([1]);
    expect(await millrace.routing(project)).toEqual(before);
  });

  test('a person may ask again at once: the place is free, the cool-down overridden', async () => {
    expect((await millrace.policyState(project))?.activeRun).toBeUndefined();
    const [decided] = await millrace.decisions(project);
    expect(decided?.reasons).toContain(
      '0 new rows since the last training, at least 200 wanted, which a person overrides',
    );
  });
}
