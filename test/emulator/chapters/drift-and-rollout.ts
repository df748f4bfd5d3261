import { expect, test } from 'vitest';
import { waitFor } from '../../../cli/client/wait-for.ts';
import { driftDetected } from '../../../lambdas/contracts/drift-detected.ts';
import type { WindowRecord } from '../../../lambdas/contracts/monitor-records.ts';
import { retrainingDeclined } from '../../../lambdas/contracts/retraining-declined.ts';
import { modelVersionPromoted, rolloutAdvanced } from '../../../lambdas/contracts/rollout-events.ts';
import { startTraffic, type TrafficReport } from '../../../local/story/traffic.ts';
import { answersBy } from '../support/served-version.ts';
import { decision, ended, project, verdictOn, type World } from '../support/world.ts';

export function driftAndRollout(world: World): void {
  const { millrace, events, files } = world;
  let traffic: TrafficReport;
  let runId: string;

  test('usual traffic fills windows, and none of them drifted', async () => {
    // 16 requests over at most four shards: one of them gets four, which fill a window of 200 rows.
    const usual = await files.unlabelled('usual', 800);
    for (let start = 0; start < usual.length; start += 50) {
      await millrace.predict(project, usual.slice(start, start + 50));
    }
    const windows = await waitFor(
      'a window of usual traffic',
      async () => {
        const found = await millrace.windows(project, { version: 1 });
        return found.length > 0 ? found : undefined;
      },
      { timeoutMs: 60_000, intervalMs: 200 },
    );
    expect(windows.filter(({ drifted }) => drifted)).toEqual([]);
    expect(await events.of(driftDetected)).toEqual([]);
  });

  test('a few new labels alone start nothing: declined with the reason, recorded and announced', async () => {
    const uploaded = await millrace.upload(
      project,
      await files.labelled('new-device.csv', 'shifted', 150, 11),
    );
    expect(await verdictOn(world, uploaded)).toMatchObject({ verdict: 'accepted', rows: 150 });
    expect(await millrace.datasetHead(project)).toMatchObject({ revision: 2, rows: 719, entries: 2 });
    const no = await decision(
      world,
      'the new labels',
      ({ cause, answer }) => cause === 'new-data' && answer === 'declined',
    );
    expect(no.reasons).toContain('150 new rows since the last training, at least 200 wanted');
    const { detail } = await events.next(
      retrainingDeclined,
      ({ decisionId }) => decisionId === no.decisionId,
    );
    expect(detail).toMatchObject({ cause: 'new-data', reasons: no.reasons });
  });

  test('drifted traffic is noticed, answered by a run, and version 2 takes over without a failed request', async () => {
    const shifted = await files.unlabelled('shifted', 2000);
    const sender = startTraffic(millrace, { project, rows: shifted, rowsPerRequest: 20, pauseMs: 20 });
    try {
      const drift = await events.next(driftDetected, ({ version }) => version === 1, 90_000);
      expect(drift.detail.features.length).toBeGreaterThan(3);
      const yes = await decision(
        world,
        'drift',
        ({ cause, answer }) => cause === 'drift' && answer === 'requested',
      );
      expect(yes.reasons).toContain('150 new rows since the last training, at least 50 wanted after drift');
      runId = yes.runId ?? '';
      expect(await ended(world, runId)).toMatchObject({ state: 'registered', version: 2 });
      await events.next(modelVersionPromoted, ({ version }) => version === 2, 120_000);
      await answersBy(world, 2, shifted.slice(0, 1));
    } finally {
      traffic = await sender.stop();
    }
    expect(traffic).toMatchObject({ failed: 0, firstFailure: undefined });
    expect(Object.keys(traffic.byVersion)).toEqual(['1', '2']);
  });

  test('version 2 was registered because it is better on the same held-out rows', async () => {
    const run = await millrace.run(project, runId);
    expect(run?.metrics?.logLoss).toBeLessThan(run?.championMetrics?.logLoss ?? 0);
    expect(run?.reasons.join('; ')).toMatch(/logLoss is .* against the champion's .*: better by /);
  });

  test('it got 10 and 50 percent, each judged, before it became champion; version 1 is kept as predecessor', async () => {
    const steps = await events.of(rolloutAdvanced, ({ version }) => version === 2);
    expect(steps.map(({ detail }) => detail.weightPercent)).toEqual([10, 50]);
    const [promotion] = await events.of(modelVersionPromoted, ({ version }) => version === 2);
    expect(promotion?.detail).toMatchObject({
      champion: 1,
      reasons: expect.arrayContaining([expect.any(String)]),
    });
    const table = await millrace.routing(project);
    expect(table).toMatchObject({ champion: { version: 2 }, previous: { version: 1 } });
    expect(table?.challenger).toBeUndefined();
    expect((await millrace.versions(project)).map(({ version, alias }) => [version, alias])).toEqual([
      [2, 'champion'],
      [1, 'previous'],
    ]);
  });

  test('drift was announced by the windows that complete a streak, and by no other', async () => {
    const expected = completions(await allWindows(1));
    expect(expected.length).toBeGreaterThan(0);
    await waitFor(
      'the last announcement of drift',
      async (saw) => {
        const detected = await events.of(driftDetected, ({ version }) => version === 1);
        saw(detected.length);
        return detected.length >= expected.length ? true : undefined;
      },
      { timeoutMs: 30_000, intervalMs: 200 },
    );
    const detected = await events.of(driftDetected, ({ version }) => version === 1);
    expect(detected.map(({ detail }) => detail.detectionId).toSorted()).toEqual(expected.toSorted());
  });

  async function allWindows(version: number): Promise<WindowRecord[]> {
    return millrace.windows(project, { version, limit: 1000 });
  }
}

/** Detections that windows should have led to: in each shard, where a row of drifted windows is 2, 4, 8 … long. */
function completions(windows: readonly WindowRecord[]): string[] {
  const byShard = Map.groupBy(windows, ({ record }) => record.split('#').slice(3).join('#'));
  return [...byShard].flatMap(([shard, found]) => {
    let streak = 0;
    return found
      .toSorted((a, b) => a.number - b.number)
      .flatMap(({ drifted, number, version }) => {
        streak = drifted ? streak + 1 : 0;
        const completes = streak >= 2 && Number.isInteger(Math.log2(streak / 2));
        return completes ? [`${project}-v${version}-${shard}-w${number}`] : [];
      });
  });
}
