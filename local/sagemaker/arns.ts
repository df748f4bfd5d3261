import type { Identity } from './options.ts';

const arn = ({ region, accountId }: Identity, resource: string): string =>
  `arn:aws:sagemaker:${region}:${accountId}:${resource}`;

export const trainingJobArn = (identity: Identity, name: string): string =>
  arn(identity, `training-job/${name}`);

export const modelPackageGroupArn = (identity: Identity, name: string): string =>
  arn(identity, `model-package-group/${name}`);

export const modelPackageArn = (identity: Identity, group: string, version: number): string =>
  arn(identity, `model-package/${group}/${version}`);

/** `arn:…:model-package/group/3` → `group/3`; a plain name is returned as it is. */
export function resourceName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}
