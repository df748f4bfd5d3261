import type { OperationContext } from '../context.ts';
import { validationError } from '../errors.ts';
import type { Tag } from '../requests/common.ts';
import { addTagsInput, deleteTagsInput, listTagsInput } from '../requests/tags.ts';
import { operation } from './operation.ts';
import { paginate } from './pagination.ts';

const MOST_TAGS = 50;

interface Tagged {
  readonly tags: readonly Tag[];
  replace(tags: Tag[]): void;
}

export const addTags = operation(addTagsInput, (context, { ResourceArn, Tags }) => {
  const resource = findTagged(context, ResourceArn);
  const merged = new Map([...resource.tags, ...Tags].map(({ Key, Value }) => [Key, Value]));
  if (merged.size > MOST_TAGS) {
    throw validationError(`${ResourceArn} would have ${merged.size} tags; the limit is ${MOST_TAGS}.`);
  }
  const tags = [...merged].map(([Key, Value]) => ({ Key, Value }));
  resource.replace(tags);
  return { Tags: tags };
});

export const listTags = operation(listTagsInput, (context, { ResourceArn, ...pageRequest }) => {
  const { tags } = findTagged(context, ResourceArn);
  const { page, NextToken } = paginate(tags, ({ Key }) => [Key, Key], { MaxResults: 50, ...pageRequest });
  return { Tags: page, NextToken };
});

export const deleteTags = operation(deleteTagsInput, (context, { ResourceArn, TagKeys }) => {
  const resource = findTagged(context, ResourceArn);
  resource.replace(resource.tags.filter(({ Key }) => !TagKeys.includes(Key)));
  return {};
});

/** Throws only ValidationExceptions: the API models no other error for tags. */
function findTagged({ store, journal }: OperationContext, arn: string): Tagged {
  const [, kind, name] = /^(?:[^:]*:){5}([^/]+)\/(.+)$/.exec(arn) ?? [];
  const job = kind === 'training-job' && name !== undefined ? store.jobs.get(name) : undefined;
  if (job !== undefined) {
    return { tags: job.tags, replace: (tags) => journal.amend(job.name, { tags }) };
  }
  const group = kind === 'model-package-group' && name !== undefined ? store.groups.get(name) : undefined;
  if (group !== undefined) {
    return { tags: group.tags, replace: (tags) => store.groups.put(group.name, { ...group, tags }) };
  }
  if (kind === 'model-package') {
    throw validationError(
      `A versioned model package uses the tags of its group; ask for the group's, not ${arn}.`,
    );
  }
  throw validationError(`There is no training job or model package group ${arn}.`);
}
