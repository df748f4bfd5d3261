import type {
  ApprovalStatus,
  ModelRegistry,
  NewModelPackage,
} from '../../lambdas/domain/ports/model-registry.ts';
import type { PackageReader } from '../../lambdas/domain/ports/package-reader.ts';

interface Package extends NewModelPackage {
  readonly arn: string;
  readonly version: number;
  approval: ApprovalStatus;
  why: string | undefined;
}

/** Model packages in memory: versions count up within a group, one package for each client token. */
export class InMemoryRegistry implements ModelRegistry, PackageReader {
  readonly packages: Package[] = [];

  async register(modelPackage: NewModelPackage): Promise<{ modelPackageArn: string; version: number }> {
    const known = this.packages.find(({ clientToken }) => clientToken === modelPackage.clientToken);
    if (known) return { modelPackageArn: known.arn, version: known.version };
    const version = this.packages.filter(({ group }) => group === modelPackage.group).length + 1;
    const arn = `arn:aws:sagemaker:eu-central-1:000000000000:model-package/${modelPackage.group}/${version}`;
    this.packages.push({ ...modelPackage, arn, version, approval: 'PendingManualApproval', why: undefined });
    return { modelPackageArn: arn, version };
  }

  async describe(arn: string): Promise<{ approval: ApprovalStatus; description: string }> {
    const { approval, description } = this.#find(arn);
    return { approval, description };
  }

  async approve(arn: string, why: string): Promise<void> {
    Object.assign(this.#find(arn), { approval: 'Approved', why });
  }

  async read(arn: string): ReturnType<PackageReader['read']> {
    const { approval, metadata } = this.#find(arn);
    return { approved: approval === 'Approved', metadata };
  }

  #find(wanted: string): Package {
    const found = this.packages.find(({ arn }) => arn === wanted);
    if (!found) throw new Error(`ValidationException: no model package ${wanted}`);
    return found;
  }
}
