import {
  DescribeModelPackageCommand,
  ListModelPackagesCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import type { ModelApprovalStatus, ModelPackageSummary } from '@aws-sdk/client-sagemaker';
import { packageMetadata } from '../../lambdas/contracts/training-steps.ts';
import type { PackageMetadata } from '../../lambdas/contracts/training-steps.ts';
import type { Connection } from './connection.ts';
import { requireProject } from './connection.ts';
import { MillraceError } from './millrace-error.ts';
import { aliasOf, routing } from './routing.ts';
import type { Alias } from './routing.ts';

export interface ModelVersion {
  readonly version: number;
  readonly modelPackageArn: string;
  readonly approval: ModelApprovalStatus | undefined;
  /** Who or which policy approved or rejected it, and why. */
  readonly approvalDescription: string | undefined;
  readonly description: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string | undefined;
  /** Absent for a package that Millrace did not register. */
  readonly metadata: PackageMetadata | undefined;
  readonly alias: Alias | undefined;
  /** Share of the traffic, in percent. */
  readonly weightPercent: number | undefined;
}

/** SageMaker's limit on an approval's description, in characters. */
const longestReason = 1024;

/** The registry's versions of a project's model, and their approval. */
export function models(connection: Connection) {
  const { clients, outputs } = connection;
  const groupOf = (project: string) => `${outputs.data.ModelPackageGroupPrefix}-${project}`;
  const { routing: readRouting } = routing(connection);

  /** Newest first, at most `limit`; none while the group is not there. */
  async function summaries(project: string, limit: number): Promise<ModelPackageSummary[]> {
    const found: ModelPackageSummary[] = [];
    let nextToken: string | undefined;
    do {
      const page = await clients.sageMaker
        .send(
          new ListModelPackagesCommand({
            ModelPackageGroupName: groupOf(project),
            SortBy: 'CreationTime',
            SortOrder: 'Descending',
            MaxResults: Math.min(100, limit - found.length),
            ...(nextToken !== undefined && { NextToken: nextToken }),
          }),
        )
        .catch((error: unknown) => {
          if (groupIsMissing(error)) return { ModelPackageSummaryList: [], NextToken: undefined };
          throw error;
        });
      found.push(...(page.ModelPackageSummaryList ?? []));
      nextToken = page.NextToken;
    } while (nextToken !== undefined && found.length < limit);
    return found;
  }

  async function decide(
    project: string,
    version: number,
    approval: 'Approved' | 'Rejected',
    reason: string,
  ): Promise<void> {
    requireProject(connection, project);
    if (reason.length > longestReason) {
      throw new MillraceError(
        `the reason has ${reason.length} characters, the registry keeps ${longestReason}`,
      );
    }
    const all = await summaries(project, Infinity);
    const chosen = all.find(({ ModelPackageVersion }) => ModelPackageVersion === version);
    if (chosen?.ModelPackageArn === undefined) {
      const known = all.map(({ ModelPackageVersion }) => ModelPackageVersion).join(', ') || 'none yet';
      throw new MillraceError(`${project} has no version ${version}; versions: ${known}`);
    }
    await clients.sageMaker.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: chosen.ModelPackageArn,
        ModelApprovalStatus: approval,
        ApprovalDescription: reason,
      }),
    );
  }

  return {
    /**
     * Newest first, with approval and alias.
     * @param options.limit at most so many, as each is described by a request of its own. @default 20
     */
    async versions(project: string, options: { limit?: number | undefined } = {}): Promise<ModelVersion[]> {
      requireProject(connection, project);
      const [found, table] = await Promise.all([
        summaries(project, options.limit ?? 20),
        readRouting(project),
      ]);
      return Promise.all(
        found.map(async ({ ModelPackageArn }) => {
          const described = await clients.sageMaker.send(
            new DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn }),
          );
          const version = described.ModelPackageVersion;
          if (version === undefined || described.ModelPackageArn === undefined) {
            throw new MillraceError(`the registry described '${ModelPackageArn}' without a version`);
          }
          const alias = aliasOf(table, version);
          return {
            version,
            modelPackageArn: described.ModelPackageArn,
            approval: described.ModelApprovalStatus,
            approvalDescription: described.ApprovalDescription,
            description: described.ModelPackageDescription,
            createdAt: described.CreationTime?.toISOString(),
            metadata: packageMetadata.safeParse(described.CustomerMetadataProperties).data,
            alias: alias?.alias,
            weightPercent: alias?.weightPercent,
          };
        }),
      );
    },

    /** Approves a version, which starts its rollout. @throws MillraceError when there is no such version */
    approve: (project: string, version: number, reason: string): Promise<void> =>
      decide(project, version, 'Approved', reason),

    /** Rejects a version. @throws MillraceError when there is no such version */
    reject: (project: string, version: number, reason: string): Promise<void> =>
      decide(project, version, 'Rejected', reason),
  };
}

function groupIsMissing(error: unknown): boolean {
  return error instanceof Error && /does not exist|could not be found/i.test(error.message);
}
