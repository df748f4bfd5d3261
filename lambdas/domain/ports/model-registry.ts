import type { PackageMetadata } from '../../contracts/training-steps.ts';

export interface NewModelPackage {
  readonly group: string;
  /** The same token registers the same package once. 1 to 36 letters, digits and hyphens. */
  readonly clientToken: string;
  readonly description: string;
  /** Prefix of the model's files, with a slash at its end. */
  readonly artifactUri: string;
  readonly metadata: PackageMetadata;
}

export type ApprovalStatus = 'Approved' | 'Rejected' | 'PendingManualApproval';

/** Versions of models and their approval. */
export interface ModelRegistry {
  /** Registers a version that waits for approval. */
  register(modelPackage: NewModelPackage): Promise<{ modelPackageArn: string; version: number }>;
  describe(modelPackageArn: string): Promise<{ approval: ApprovalStatus; description: string }>;
  approve(modelPackageArn: string, why: string): Promise<void>;
}
