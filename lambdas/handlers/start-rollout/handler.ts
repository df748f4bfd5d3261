import type { RolloutInput } from '../../contracts/rollout-steps.ts';
import type { ModelPackageStateChanged } from '../../contracts/sagemaker-events.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { Executions } from '../../domain/ports/executions.ts';
import type { PackageReader } from '../../domain/ports/package-reader.ts';
import { logger } from '../../runtime/logger.ts';

interface World {
  readonly packages: PackageReader;
  readonly executions: Executions;
  readonly groupPrefix: string;
}

/** Starts a rollout for a version that was approved: one for each version, by the execution's name. */
export function startRollout({ packages, executions, groupPrefix }: World) {
  return async (change: ModelPackageStateChanged): Promise<void> => {
    const { ModelPackageArn: arn, ModelPackageGroupName: group, ModelPackageVersion: version } = change;
    if (!group.startsWith(`${groupPrefix}-`) || !isApproval(change)) return;
    const { approved, metadata } = await packages.read(arn);
    if (!approved) {
      logger.info('approval was withdrawn before its event arrived: no rollout', { arn });
      return;
    }
    const { project, artifactUri } = metadata;
    if (group !== `${groupPrefix}-${project}`) {
      throw new PermanentError(
        `${arn} names project '${project}' but lies in group '${group}': register it again`,
      );
    }
    const input: RolloutInput = { project, version, artifactUri };
    const execution = await executions.start(`${project}-v${version}`, input);
    logger.info('rollout started, unless it was before', { project, version, execution });
  };
}

/** An edit of other fields of an approved package is no approval; a package created approved lists no fields. */
function isApproval({
  ModelApprovalStatus,
  UpdatedModelPackageFields: fields,
}: ModelPackageStateChanged): boolean {
  if (ModelApprovalStatus !== 'Approved') return false;
  return !fields?.length || fields.includes('ModelApprovalStatus');
}
