import type { ProjectCatalog } from '../../contracts/project-definition.ts';
import type { ModelPackageStateChanged } from '../../contracts/sagemaker-events.ts';
import type { ModelRegistry } from '../../domain/ports/model-registry.ts';
import { logger } from '../../runtime/logger.ts';

interface World {
  readonly registry: ModelRegistry;
  readonly projects: ProjectCatalog;
  readonly groupPrefix: string;
}

/** Approves a new version where the project leaves approval to the policy; a person's projects wait for a person. */
export function approveVersion({ registry, projects, groupPrefix }: World) {
  return async (event: ModelPackageStateChanged): Promise<void> => {
    const { ModelPackageArn: arn, ModelPackageGroupName: group } = event;
    if (event.ModelApprovalStatus !== 'PendingManualApproval' || event.ModelPackageStatus !== 'Completed')
      return;
    const name = group.startsWith(`${groupPrefix}-`) ? group.slice(groupPrefix.length + 1) : undefined;
    const project = name === undefined ? undefined : projects[name];
    if (!project) {
      logger.info('a package of no project of this deployment', { arn, group });
      return;
    }
    if (project.approval === 'person') {
      logger.info('a person must approve this version', { project: name, arn });
      return;
    }
    // The event may be an old one: what counts is the package as it is now.
    const { approval, description } = await registry.describe(arn);
    if (approval !== 'PendingManualApproval') {
      logger.info('already decided', { project: name, arn, approval });
      return;
    }
    await registry.approve(
      arn,
      `Approved by the policy of project '${name}' (approval: 'policy'), as its gate let it pass with ${description}`,
    );
    logger.info('version approved by policy', { project: name, arn });
  };
}
