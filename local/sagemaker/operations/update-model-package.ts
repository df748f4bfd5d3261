import { conflict, validationError } from '../errors.ts';
import { updateModelPackageInput } from '../requests/model-package.ts';
import type { UpdateModelPackageInput } from '../requests/model-package.ts';
import type { ModelPackageRecord } from '../state/records.ts';
import { findPackage, keyOf } from './model-packages.ts';
import { operation } from './operation.ts';

/** Tokens are remembered for retries, which come soon or never. */
const REMEMBERED_TOKENS = 20;

export const updateModelPackage = operation(
  updateModelPackageInput,
  ({ store, announce, wakeOutbox, now }, input) => {
    const modelPackage = findPackage(store, input.ModelPackageArn);
    if (wasApplied(modelPackage, input)) return { ModelPackageArn: modelPackage.arn };
    const time = now();
    const updated = { ...applyUpdate(modelPackage, input), lastModifiedTime: time };
    store.packages.put(keyOf(updated), updated, [
      announce.modelPackage(updated, time, 'Completed', updatedFields(input)),
    ]);
    wakeOutbox();
    return { ModelPackageArn: updated.arn };
  },
);

/** The same input always gives the same text: the schema puts members in its own order. */
const fingerprintOf = (input: UpdateModelPackageInput): string =>
  JSON.stringify({ ...input, ClientToken: undefined });

function wasApplied({ updateTokens, arn }: ModelPackageRecord, input: UpdateModelPackageInput): boolean {
  const earlier = updateTokens.find(({ token }) => token === input.ClientToken);
  if (earlier === undefined) return false;
  if (earlier.fingerprint === fingerprintOf(input)) return true;
  throw conflict(`The ClientToken '${earlier.token}' was used for another update of ${arn}; use a new one.`);
}

function applyUpdate(modelPackage: ModelPackageRecord, input: UpdateModelPackageInput): ModelPackageRecord {
  const { request } = modelPackage;
  const token =
    input.ClientToken === undefined ? [] : [{ token: input.ClientToken, fingerprint: fingerprintOf(input) }];
  return {
    ...modelPackage,
    original: modelPackage.original ?? request,
    approvalStatus: input.ModelApprovalStatus ?? modelPackage.approvalStatus,
    approvalDescription: input.ApprovalDescription ?? modelPackage.approvalDescription,
    request: {
      ...request,
      CustomerMetadataProperties: mergeMetadata(request.CustomerMetadataProperties, input),
      SourceUri: input.SourceUri ?? request.SourceUri,
      ModelLifeCycle: input.ModelLifeCycle ?? request.ModelLifeCycle,
    },
    updateTokens: [...modelPackage.updateTokens, ...token].slice(-REMEMBERED_TOKENS),
  };
}

function mergeMetadata(
  before: Record<string, string> | undefined,
  { CustomerMetadataProperties, CustomerMetadataPropertiesToRemove = [] }: UpdateModelPackageInput,
): Record<string, string> | undefined {
  const kept = Object.entries(before ?? {}).filter(
    ([key]) => !CustomerMetadataPropertiesToRemove.includes(key),
  );
  const merged = { ...Object.fromEntries(kept), ...CustomerMetadataProperties };
  const size = Object.keys(merged).length;
  if (size > 50) {
    throw validationError(
      `A model package has at most 50 CustomerMetadataProperties; this would make ${size}.`,
    );
  }
  return size === 0 ? undefined : merged;
}

/** Named as SageMaker's events name them. */
function updatedFields(input: UpdateModelPackageInput): string[] {
  const fields = {
    ModelApprovalStatus: input.ModelApprovalStatus,
    ApprovalDescription: input.ApprovalDescription,
    CustomerMetadataProperties: input.CustomerMetadataProperties ?? input.CustomerMetadataPropertiesToRemove,
    sourceUri: input.SourceUri,
    ModelLifeCycle: input.ModelLifeCycle,
  };
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}
