import {
  createModelPackageGroup,
  deleteModelPackageGroup,
  describeModelPackageGroup,
  listModelPackageGroups,
} from './model-package-groups.ts';
import {
  createModelPackage,
  deleteModelPackage,
  describeModelPackage,
  listModelPackages,
} from './model-packages.ts';
import type { Operation } from './operation.ts';
import { addTags, deleteTags, listTags } from './tags.ts';
import {
  createTrainingJob,
  describeTrainingJob,
  listTrainingJobs,
  stopTrainingJob,
} from './training-jobs.ts';
import { updateModelPackage } from './update-model-package.ts';

/** Every action that is served, by the name that `X-Amz-Target` gives it. */
export const operations: ReadonlyMap<string, Operation> = new Map([
  ['CreateTrainingJob', createTrainingJob],
  ['DescribeTrainingJob', describeTrainingJob],
  ['ListTrainingJobs', listTrainingJobs],
  ['StopTrainingJob', stopTrainingJob],
  ['CreateModelPackageGroup', createModelPackageGroup],
  ['DescribeModelPackageGroup', describeModelPackageGroup],
  ['ListModelPackageGroups', listModelPackageGroups],
  ['DeleteModelPackageGroup', deleteModelPackageGroup],
  ['CreateModelPackage', createModelPackage],
  ['DescribeModelPackage', describeModelPackage],
  ['ListModelPackages', listModelPackages],
  ['UpdateModelPackage', updateModelPackage],
  ['DeleteModelPackage', deleteModelPackage],
  ['AddTags', addTags],
  ['ListTags', listTags],
  ['DeleteTags', deleteTags],
]);
