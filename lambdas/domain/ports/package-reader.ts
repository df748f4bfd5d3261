import type { PackageMetadata } from '../../contracts/training-steps.ts';

/** Model packages as the registry holds them. */
export interface PackageReader {
  /** @throws PermanentError when the package carries no metadata of ours */
  read(modelPackageArn: string): Promise<{ approved: boolean; metadata: PackageMetadata }>;
}
