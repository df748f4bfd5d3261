import { modelPackageGroupArn, resourceName } from '../arns.ts';
import { conflict, validationError } from '../errors.ts';
import type { Identity } from '../options.ts';
import {
  createModelPackageGroupInput,
  listModelPackageGroupsInput,
  namedGroupInput,
} from '../requests/model-package.ts';
import type { ModelPackageGroupRecord } from '../state/records.ts';
import type { StateStore } from '../state/state-store.ts';
import { isWithin, nameMatches } from './filters.ts';
import { operation, seconds } from './operation.ts';
import { paginate } from './pagination.ts';

export const createModelPackageGroup = operation(
  createModelPackageGroupInput,
  ({ store, identity, now }, { ModelPackageGroupName: name, ModelPackageGroupDescription, Tags = [] }) => {
    const existing = store.groups.get(name);
    if (existing !== undefined) throw validationError(`Model Package Group already exists: ${existing.arn}`);
    const arn = modelPackageGroupArn(identity, name);
    store.groups.put(name, {
      name,
      arn,
      description: ModelPackageGroupDescription,
      tags: Tags,
      creationTime: now(),
      latestVersion: 0,
    });
    return { ModelPackageGroupArn: arn };
  },
);

export const describeModelPackageGroup = operation(
  namedGroupInput,
  ({ store, identity }, { ModelPackageGroupName }) => ({
    ...summary(findGroup(store, identity, ModelPackageGroupName)),
    CreatedBy: {},
  }),
);

export const listModelPackageGroups = operation(listModelPackageGroupsInput, ({ store }, input) => {
  // Every group here is of this account.
  const groups = input.CrossAccountFilterOption === 'CrossAccount' ? [] : store.groups.list();
  const found = groups.filter(
    ({ name, creationTime }) =>
      nameMatches(name, input.NameContains) &&
      isWithin(creationTime, input.CreationTimeAfter, input.CreationTimeBefore),
  );
  const { page, NextToken } = paginate(
    found,
    (group) => [input.SortBy === 'Name' ? group.name : group.creationTime, group.name],
    input,
  );
  return { ModelPackageGroupSummaryList: page.map(summary), NextToken };
});

export const deleteModelPackageGroup = operation(
  namedGroupInput,
  ({ store, identity }, { ModelPackageGroupName }) => {
    const group = findGroup(store, identity, ModelPackageGroupName);
    const versions = store.packages.list().filter(({ groupName }) => groupName === group.name).length;
    if (versions > 0) {
      throw conflict(
        `Model Package Group ${group.arn} cannot be deleted as it contains ${versions} Model Packages; delete them first.`,
      );
    }
    store.groups.remove(group.name, group);
    return {};
  },
);

/** Throws a ValidationException when there is none: the API models no ResourceNotFound for the registry. */
export function findGroup(store: StateStore, identity: Identity, nameOrArn: string): ModelPackageGroupRecord {
  const name = resourceName(nameOrArn);
  const group = store.groups.get(name);
  if (group === undefined) {
    throw validationError(`ModelPackageGroup ${modelPackageGroupArn(identity, name)} does not exist.`);
  }
  return group;
}

const summary = (group: ModelPackageGroupRecord) => ({
  ModelPackageGroupName: group.name,
  ModelPackageGroupArn: group.arn,
  ModelPackageGroupDescription: group.description,
  CreationTime: seconds(group.creationTime),
  ModelPackageGroupStatus: 'Completed',
});
