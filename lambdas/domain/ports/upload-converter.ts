import type { Split } from '../../contracts/dataset-manifest.ts';
import type { ProjectDefinition } from '../../contracts/project-definition.ts';
import type { RuleViolation } from '../../contracts/quarantine-report.ts';
import type { UploadFormat } from '../ingest/raw-key.ts';

/** A derived file on the local disk. */
export interface LocalPart {
  readonly path: string;
  readonly rows: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export type Conversion =
  | { readonly violations: readonly [RuleViolation, ...RuleViolation[]] }
  | {
      readonly violations: readonly [];
      readonly rows: number;
      readonly parts: Readonly<Record<Split, LocalPart>>;
    };

/** Checks an upload against its project's schema, and derives the dataset's parts from it when it keeps every rule. */
export interface UploadConverter {
  /**
   * @param path the upload on the local disk
   * @param directory an empty directory for whatever is written; the caller removes it
   * @returns every broken rule that was found, or the parts; the same bytes and project always give the same parts
   */
  convert(
    path: string,
    format: UploadFormat,
    project: ProjectDefinition,
    directory: string,
  ): Promise<Conversion>;
}
