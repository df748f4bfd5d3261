import type { DatasetHead, DecisionRecord, RunRecord } from '../../lambdas/contracts/ledger.ts';
import type { Connection } from './connection.ts';
import { requireProject } from './connection.ts';
import { decisions } from './decisions.ts';
import { drift } from './drift.ts';
import type { Drift } from './drift.ts';
import { predictions } from './predictions.ts';
import { routing } from './routing.ts';
import { runs } from './runs.ts';
import { uploads } from './uploads.ts';

export interface ProjectStatus {
  readonly project: string;
  /** Absent before the first model, as is the rest of the routing. */
  readonly champion: { readonly version: number; readonly weightPercent: number } | undefined;
  readonly challenger: { readonly version: number; readonly weightPercent: number } | undefined;
  /** Where a rollback leads. */
  readonly previous: number | undefined;
  readonly dataset: DatasetHead | undefined;
  readonly activeRun: RunRecord | undefined;
  readonly lastRun: RunRecord | undefined;
  readonly lastDecision: DecisionRecord | undefined;
  readonly drift: Drift;
  readonly predictUrl: string;
}

export interface DeploymentStatus {
  readonly environment: string;
  readonly prefix: string;
  /** Of a local cloud. */
  readonly endpoint: string | undefined;
  readonly apiUrl: string;
  readonly rawBucket: string;
  readonly projects: readonly ProjectStatus[];
}

/** Where everything stands. */
export function status(connection: Connection) {
  const { cloud, outputs, projects } = connection;
  const { routing: readRouting } = routing(connection);
  const { datasetHead } = uploads(connection);
  const policy = decisions(connection);
  const training = runs(connection);
  const monitors = drift(connection);
  const { predictUrl } = predictions(connection);

  async function projectStatus(project: string): Promise<ProjectStatus> {
    const [table, dataset, answers, state, known, monitored] = await Promise.all([
      readRouting(project),
      datasetHead(project),
      policy.decisions(project),
      policy.policyState(project),
      training.runs(project),
      monitors.drift(project),
    ]);
    const challenger = table?.challenger;
    return {
      project,
      champion: table && {
        version: table.champion.version,
        weightPercent: 100 - (challenger?.weightPercent ?? 0),
      },
      challenger: challenger && { version: challenger.version, weightPercent: challenger.weightPercent },
      previous: table?.previous?.version,
      dataset,
      activeRun: known.find(({ runId }) => runId === state?.activeRun),
      lastRun: known[0],
      lastDecision: answers[0],
      drift: monitored,
      predictUrl: predictUrl(project).href,
    };
  }

  return {
    /** @param project all of them when absent. @throws MillraceError when it is unknown */
    async status(project?: string): Promise<DeploymentStatus> {
      if (project !== undefined) requireProject(connection, project);
      return {
        environment: cloud.environment,
        prefix: cloud.prefix,
        endpoint: cloud.kind === 'local' ? cloud.endpoint : undefined,
        apiUrl: outputs.serving.ApiUrl,
        rawBucket: outputs.data.RawBucketName,
        projects: await Promise.all((project === undefined ? projects : [project]).map(projectStatus)),
      };
    },
  };
}
