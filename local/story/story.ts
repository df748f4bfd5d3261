import { stat } from 'node:fs/promises';
import { connect, type Millrace } from '../../cli/client/connect.ts';
import type { ModelVersion } from '../../cli/client/models.ts';
import { PredictionRefused, type Row } from '../../cli/client/predictions.ts';
import { waitFor } from '../../cli/client/wait-for.ts';
import type { DecisionRecord } from '../../lambdas/contracts/ledger.ts';
import type { RetrainingCause } from '../../lambdas/contracts/retraining-requested.ts';
import type { RawObject } from '../../lambdas/contracts/primitives.ts';
import type { RunningCloud } from '../local-cloud.ts';
import type { Narrator } from './narrator.ts';
import { SampleData } from './sample-data.ts';
import { startTraffic, type TrafficReport } from './traffic.ts';
import { TrainingRun } from './training-run.ts';
import { workOfARun, type FollowedRun } from './work-of-a-run.ts';

const project = 'breast-cancer';
const patience = { timeoutMs: 120_000, intervalMs: 150 } as const;

/** What the summary is made of. */
export interface StoryEnd {
  readonly traffic: TrafficReport;
  readonly champion: number;
}

/**
 * Tells how data becomes a model behind an address, and how a changed world replaces it.
 * @param folder where the sample data is written
 */
export async function tellStory(
  root: string,
  cloud: RunningCloud,
  narrator: Narrator,
  folder: string,
): Promise<StoryEnd> {
  const { endpoint, sageMakerEndpoint, prefix, region } = cloud;
  const millrace = await connect({ cwd: root, endpoint, sageMakerEndpoint, prefix, region });
  const data = new SampleData(root, folder);
  const teller = new Teller(millrace, cloud, narrator, data);

  narrator.chapter('A file lands in S3');
  await teller.nothingYet();
  const real = await data.real();
  const uploadedAt = Date.now();
  await teller.upload('real data', real);
  const firstRun = await teller.answeredYes('new-data');
  await teller.trainAndRollOut(firstRun, 1);
  const first: FollowedRun = { run: firstRun, version: 1, since: uploadedAt, until: Date.now() };

  narrator.chapter('A prediction over HTTP');
  const usual = await data.unlabelled('usual', 600);
  await teller.predict(usual.slice(0, 1));
  await teller.quietTraffic(usual);

  narrator.chapter('The world changes');
  await teller.upload('a few new labels', await data.labelledShifted(150));
  await teller.answeredNo('new-data');
  const shifted = await data.unlabelled('shifted', 2000);
  const changedAt = Date.now();
  let second: FollowedRun;
  const traffic = startTraffic(millrace, { project, rows: shifted, rowsPerRequest: 20, pauseMs: 20 });
  try {
    await teller.driftDetected(() => traffic.report());
    const secondRun = await teller.answeredYes('drift');
    await teller.trainAndRollOut(secondRun, 2);
    second = { run: secondRun, version: 2, since: changedAt, until: Date.now() };
    await teller.answersBy(2, shifted.slice(0, 1));
  } finally {
    await traffic.stop();
  }
  const report = await traffic.stop();
  await teller.noFailedRequest(report);
  await teller.counted([first, second]);
  return { traffic: report, champion: 2 };
}

class Teller {
  readonly #millrace: Millrace;
  readonly #cloud: RunningCloud;
  readonly #narrator: Narrator;
  readonly #data: SampleData;
  /** Decisions already told, so that each step waits for a fresh one. */
  readonly #told = new Set<string>();

  constructor(millrace: Millrace, cloud: RunningCloud, narrator: Narrator, data: SampleData) {
    this.#millrace = millrace;
    this.#cloud = cloud;
    this.#narrator = narrator;
    this.#data = data;
  }

  async nothingYet(): Promise<void> {
    await this.#narrator.step('before any model', async () => {
      const [row] = await this.#data.unlabelled('usual', 1);
      const refusal = await this.#millrace
        .predict(project, row ? [row] : [])
        .catch((error: unknown) => error);
      if (!(refusal instanceof PredictionRefused))
        throw new Error('the API answered before there was any model');
      return { told: refusal.message, observed: { status: refusal.status, message: refusal.message } };
    });
  }

  async upload(name: string, file: string): Promise<void> {
    const { size } = await stat(file);
    const uploaded = await this.#uploaded(name, file, size);
    await this.#narrator.step('validated', async () => {
      const record = await waitFor(
        `the verdict on ${uploaded.key}`,
        () => this.#millrace.objectRecord(project, uploaded.key, uploaded.versionId),
        patience,
      );
      if (record.verdict !== 'accepted')
        throw new Error(`the upload was ${record.verdict}: ${record.reasons.join('; ')}`);
      const dataset = await this.#millrace.datasetHead(project);
      return {
        told: `${record.rows} rows accepted; dataset ${short(record.datasetId)} has ${dataset?.rows} rows`,
        observed: {
          verdict: record.verdict,
          rows: record.rows,
          datasetId: record.datasetId,
          datasetRows: dataset?.rows,
        },
      };
    });
  }

  async #uploaded(name: string, file: string, size: number): Promise<RawObject> {
    let uploaded: RawObject | undefined;
    await this.#narrator.step('uploaded', async () => {
      uploaded = await this.#millrace.upload(project, file);
      return {
        told: `${name}: s3://${uploaded.bucket}/${uploaded.key} (${Math.ceil(size / 1024)} KiB)`,
        observed: { ...uploaded, bytes: size },
      };
    });
    if (!uploaded) throw new Error(`the upload of ${file} gave no object`);
    return uploaded;
  }

  async answeredYes(cause: RetrainingCause): Promise<TrainingRun> {
    const decision = await this.#answered(cause, 'requested');
    if (decision.runId === undefined) throw new Error(`decision ${decision.decisionId} names no run`);
    return new TrainingRun(this.#millrace, project, decision.runId, this.#cloud.endpoint);
  }

  async answeredNo(cause: RetrainingCause): Promise<void> {
    await this.#answered(cause, 'declined');
  }

  async #answered(cause: RetrainingCause, expected: DecisionRecord['answer']): Promise<DecisionRecord> {
    let found: DecisionRecord | undefined;
    await this.#narrator.step(`policy: ${cause}`, async () => {
      found = await waitFor(
        'the retraining policy to answer',
        async () =>
          (await this.#millrace.decisions(project)).find(
            (each) => each.cause === cause && !this.#told.has(each.decisionId),
          ),
        patience,
      );
      this.#told.add(found.decisionId);
      const reasons = found.reasons.join('; ');
      if (found.answer !== expected) throw new Error(`the policy ${found.answer} a retraining: ${reasons}`);
      return {
        told: `${found.answer === 'requested' ? 'yes' : 'no'}: ${reasons}`,
        observed: { ...found },
      };
    });
    if (!found) throw new Error('the policy gave no answer');
    return found;
  }

  async trainAndRollOut(run: TrainingRun, version: number): Promise<void> {
    await this.#narrator.step('trained', async (progress) => {
      const { seconds, artifacts } = await run.trained(progress);
      return {
        told: `${run.runId}, training job of ${seconds} s`,
        observed: { runId: run.runId, trainingSeconds: seconds, artifacts },
      };
    });
    await this.#narrator.step('evaluated', async () => {
      const { verdict, reasons, metrics, championMetrics, testRows } = await run.evaluated();
      if (verdict !== 'candidate') throw new Error(`the gate refused it: ${reasons.join('; ')}`);
      return {
        told: `${testRows} held-out rows: ${list(metrics)}${championMetrics ? ` (champion: ${list(championMetrics)})` : ''}`,
        observed: { verdict, reasons, metrics, championMetrics, testRows },
      };
    });
    await this.#narrator.step('registered', async () => {
      const found = await this.#version(run, version, () => true);
      return {
        told: `version ${version}, signed: ${found.metadata?.artifactUri ?? ''}`,
        observed: { version, modelPackageArn: found.modelPackageArn, metadata: found.metadata },
      };
    });
    await this.#narrator.step('approved', async (progress) => {
      const found = await this.#version(run, version, ({ approval }) => {
        progress(approval ?? '');
        return approval === 'Approved';
      });
      return {
        told: found.approvalDescription ?? 'Approved',
        observed: { version, approval: found.approval, description: found.approvalDescription },
      };
    });
    await this.#narrator.step('rolled out', async (progress) => {
      const weights: number[] = [];
      await waitFor(
        `version ${version} to be champion`,
        async (saw) => {
          const routing = await this.#millrace.routing(project);
          saw(routing);
          const weight =
            routing?.challenger?.version === version ? routing.challenger.weightPercent : undefined;
          if (weight !== undefined && weights.at(-1) !== weight) weights.push(weight);
          progress(weight === undefined ? '' : `version ${version} gets ${weight} % of the traffic`);
          return routing?.champion.version === version ? routing : undefined;
        },
        patience,
      );
      const steps = [...weights, 100];
      const { state } = await run.closed();
      return {
        told: `version ${version} is champion (${steps.map((weight) => `${weight} %`).join(' → ')})`,
        observed: { version, weights: steps, runState: state },
      };
    });
  }

  async predict(rows: readonly Row[]): Promise<void> {
    await this.#narrator.step('predicted', async () => {
      const answer = await this.#millrace.predict(project, rows);
      return {
        told: `version ${answer.version}: ${JSON.stringify(answer.predictions[0])}`,
        observed: { curl: this.#millrace.curlOf(project, rows), ...answer },
      };
    });
    this.#narrator.say(`\n${this.#millrace.curlOf(project, rows)}\n`);
  }

  /** Traffic of the usual world must start nothing. */
  async quietTraffic(rows: readonly Row[]): Promise<void> {
    await this.#narrator.step('usual traffic', async () => {
      const size = 50;
      for (let start = 0; start < rows.length; start += size) {
        await this.#millrace.predict(project, rows.slice(start, start + size));
      }
      const windows = await waitFor(
        'two windows of captured traffic',
        async () => {
          const found = await this.#millrace.windows(project, { version: 1 });
          return found.length >= 2 ? found : undefined;
        },
        patience,
      );
      const drifted = windows.filter((window) => window.drifted);
      if (drifted.length > 0) throw new Error('a window of usual traffic was called drifted');
      return {
        told: `${rows.length} rows captured, ${windows.length} windows, none drifted`,
        observed: { rows: rows.length, windows: windows.length, drifted: drifted.length },
      };
    });
  }

  async driftDetected(traffic: () => TrafficReport): Promise<void> {
    await this.#narrator.step('drift detected', async (progress) => {
      const decision = await waitFor(
        'drift to be detected',
        async () => {
          const { requests } = traffic();
          progress(`${requests} requests of the new device`);
          return (await this.#millrace.decisions(project)).find(({ cause }) => cause === 'drift');
        },
        patience,
      );
      const { lastWindow } = await this.#millrace.drift(project);
      const worst =
        lastWindow?.features.filter((feature) => feature.drifted).toSorted((a, b) => b.psi - a.psi) ?? [];
      return {
        told:
          `${worst.length} of ${lastWindow?.features.length} features, most of all ` +
          worst
            .slice(0, 3)
            .map(({ feature, psi }) => `${feature} (PSI ${psi.toFixed(2)})`)
            .join(', '),
        observed: { decisionId: decision.decisionId, window: lastWindow },
      };
    });
  }

  async answersBy(version: number, rows: readonly Row[]): Promise<void> {
    await this.#narrator.step('same address', async () => {
      const answer = await waitFor(
        `version ${version} to answer`,
        async () => {
          const found = await this.#millrace.predict(project, rows);
          return found.version === version ? found : undefined;
        },
        patience,
      );
      return {
        told: `version ${answer.version} answers: ${JSON.stringify(answer.predictions[0])}`,
        observed: { ...answer },
      };
    });
  }

  async noFailedRequest(report: TrafficReport): Promise<void> {
    await this.#narrator.step('no request failed', async () => {
      if (report.failed > 0) {
        throw new Error(
          `${report.failed} of ${report.requests} requests failed, the first with: ${report.firstFailure}`,
        );
      }
      return {
        told: `${report.requests} requests while version 2 took over: ${Object.entries(report.byVersion)
          .map(([version, count]) => `${count} by version ${version}`)
          .join(', ')}`,
        observed: { ...report },
      };
    });
  }

  /** What each run made AWS do. */
  async counted(followed: readonly FollowedRun[]): Promise<void> {
    await this.#narrator.step('counted', async () => {
      const runs = await Promise.all(followed.map((each) => workOfARun(this.#millrace, each)));
      return {
        told: runs
          .map(
            ({ version, stateTransitions: { training, rollout } }) =>
              `version ${version}: ${training} + ${rollout} state transitions`,
          )
          .join(', '),
        observed: { runs },
      };
    });
  }

  async #version(
    run: TrainingRun,
    version: number,
    matches: (found: ModelVersion) => boolean,
  ): Promise<ModelVersion> {
    return run.follow(`version ${version} in the registry`, async () => {
      const versions = await this.#millrace.versions(project);
      return versions.find((each) => each.version === version && matches(each));
    });
  }
}

const short = (id: string | undefined): string => id?.slice(0, 12) ?? '?';

function list(metrics: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value?.toFixed(4)}`)
    .join(', ');
}
