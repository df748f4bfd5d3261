import { isDeepStrictEqual } from 'node:util';
import { modelPackageArn, resourceName } from '../arns.ts';
import { conflict, validationError } from '../errors.ts';
import {
  createModelPackageInput,
  deleteModelPackageInput,
  describeModelPackageInput,
  listModelPackagesInput,
} from '../requests/model-package.ts';
import type { CreateModelPackageInput } from '../requests/model-package.ts';
import type { ModelPackageRecord } from '../state/records.ts';
import type { StateStore } from '../state/state-store.ts';
import { isWithin, nameMatches } from './filters.ts';
import { findGroup } from './model-package-groups.ts';
import { operation, optionalSeconds, seconds } from './operation.ts';
import { paginate } from './pagination.ts';

export const createModelPackage = operation(
  createModelPackageInput,
  ({ store, identity, announce, wakeOutbox, now }, input) => {
    const groupName = requireVersioned(input);
    const group = findGroup(store, identity, groupName);
    const earlier = findByToken(store, input);
    if (earlier !== undefined) return { ModelPackageArn: earlier.arn };

    const version = group.latestVersion + 1;
    const modelPackage: ModelPackageRecord = {
      groupName: group.name,
      version,
      arn: modelPackageArn(identity, group.name, version),
      request: input,
      approvalStatus: input.ModelApprovalStatus ?? 'PendingManualApproval',
      creationTime: now(),
      updateTokens: [],
    };
    // The group first: a crash between the two skips a version, never gives one twice.
    store.groups.put(group.name, { ...group, latestVersion: version });
    store.packages.put(keyOf(modelPackage), modelPackage, [
      announce.modelPackage(modelPackage, modelPackage.creationTime, 'Completed'),
    ]);
    wakeOutbox();
    return { ModelPackageArn: modelPackage.arn };
  },
);

export const describeModelPackage = operation(
  describeModelPackageInput,
  ({ store }, { ModelPackageName }) => {
    const modelPackage = findPackage(store, ModelPackageName);
    const { request } = modelPackage;
    const { ClientToken: _, Tags: __, ModelPackageRegistrationType, ...described } = request;
    return {
      ...described,
      ...identification(modelPackage),
      ModelPackageRegistrationType: ModelPackageRegistrationType ?? 'Registered',
      ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
      CertifyForMarketplace: request.CertifyForMarketplace ?? false,
      ApprovalDescription: modelPackage.approvalDescription,
      LastModifiedTime: optionalSeconds(modelPackage.lastModifiedTime),
      CreatedBy: {},
    };
  },
);

export const listModelPackages = operation(listModelPackagesInput, ({ store }, input) => {
  const groupName =
    input.ModelPackageGroupName === undefined ? undefined : resourceName(input.ModelPackageGroupName);
  // The documented default is Unversioned, and there is none of those here; naming a group asks for its versions.
  const type = input.ModelPackageType ?? (groupName === undefined ? 'Unversioned' : 'Versioned');
  const packages = type === 'Unversioned' ? [] : store.packages.list();
  const found = packages.filter(
    (modelPackage) =>
      (groupName === undefined || modelPackage.groupName.toLowerCase() === groupName.toLowerCase()) &&
      (input.ModelApprovalStatus === undefined ||
        modelPackage.approvalStatus === input.ModelApprovalStatus) &&
      nameMatches(modelPackage.groupName, input.NameContains) &&
      isWithin(modelPackage.creationTime, input.CreationTimeAfter, input.CreationTimeBefore),
  );
  const { page, NextToken } = paginate(
    found,
    (modelPackage) => [
      input.SortBy === 'Name' ? modelPackage.groupName : modelPackage.creationTime,
      `${modelPackage.groupName}/${modelPackage.version.toString().padStart(9, '0')}`,
    ],
    input,
  );
  return {
    NextToken,
    ModelPackageSummaryList: page.map((modelPackage) => ({
      ...identification(modelPackage),
      ModelPackageDescription: modelPackage.request.ModelPackageDescription,
      ModelPackageRegistrationType: modelPackage.request.ModelPackageRegistrationType ?? 'Registered',
      ModelLifeCycle: modelPackage.request.ModelLifeCycle,
    })),
  };
});

export const deleteModelPackage = operation(
  deleteModelPackageInput,
  ({ store, announce, wakeOutbox, now }, { ModelPackageName }) => {
    const modelPackage = findPackage(store, ModelPackageName);
    store.packages.remove(keyOf(modelPackage), modelPackage, [
      announce.modelPackage(modelPackage, now(), 'Deleting'),
    ]);
    wakeOutbox();
    return {};
  },
);

/** Throws a ValidationException when there is none: the API models no ResourceNotFound for the registry. */
export function findPackage(store: StateStore, nameOrArn: string): ModelPackageRecord {
  const modelPackage = store.packages.get(resourceName(nameOrArn));
  if (modelPackage === undefined) {
    throw validationError(
      `ModelPackage ${nameOrArn} does not exist. Name a version by its ARN, or as group/version.`,
    );
  }
  return modelPackage;
}

export const keyOf = ({ groupName, version }: ModelPackageRecord): string => `${groupName}/${version}`;

function requireVersioned(input: CreateModelPackageInput): string {
  if (input.ModelPackageGroupName === undefined || input.ModelPackageName !== undefined) {
    throw validationError(
      `Only versioned model packages are served by the local SageMaker: give ModelPackageGroupName and no ModelPackageName (received ModelPackageName '${input.ModelPackageName ?? ''}', ModelPackageGroupName '${input.ModelPackageGroupName ?? ''}').`,
    );
  }
  if (input.Tags !== undefined) {
    throw validationError('A versioned model package uses the tags of its group; Tags must not be given.');
  }
  return input.ModelPackageGroupName;
}

/** The package that an earlier request with the same token made. Throws ConflictException when that asked for another. */
function findByToken(store: StateStore, input: CreateModelPackageInput): ModelPackageRecord | undefined {
  if (input.ClientToken === undefined) return undefined;
  const earlier = store.packages.list().find(({ request }) => request.ClientToken === input.ClientToken);
  if (earlier === undefined || isDeepStrictEqual(originalRequest(earlier), input)) return earlier;
  throw conflict(
    `The ClientToken '${input.ClientToken}' was used for ${earlier.arn} with other parameters; use a new one.`,
  );
}

const originalRequest = ({ request, original }: ModelPackageRecord): CreateModelPackageInput =>
  original ?? request;

/** The API's pattern for ModelPackageName has no room for a version, so a version bears its group's name. */
const identification = (modelPackage: ModelPackageRecord) => ({
  ModelPackageName: modelPackage.groupName,
  ModelPackageGroupName: modelPackage.groupName,
  ModelPackageVersion: modelPackage.version,
  ModelPackageArn: modelPackage.arn,
  CreationTime: seconds(modelPackage.creationTime),
  ModelPackageStatus: 'Completed',
  ModelApprovalStatus: modelPackage.approvalStatus,
});
