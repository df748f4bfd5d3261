import type { DatasetEntry, DatasetManifest } from '../../contracts/dataset-manifest.ts';
import type { ProjectDefinition } from '../../contracts/project-definition.ts';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of a text's UTF-8 bytes, lower-case hexadecimal. */
export type HashText = (text: string) => string;

/**
 * Names what the parts are derived by: columns in their order, with their rules, and the split.
 * The order of the features is part of it, because it is the order of the columns in the derived files.
 */
export function schemaSha256({ schema, split }: ProjectDefinition, sha256: HashText): string {
  const features = Object.entries(schema.features).map(([name, feature]) => ({ name, ...feature }));
  return sha256(canonicalJson({ features, target: schema.target, split }));
}

/**
 * The dataset that holds one more upload.
 * @param present the project's present dataset; one that was derived by another schema is not continued, because
 * its parts have other columns or another split
 */
export function extendDataset(
  present: DatasetManifest | undefined,
  addition: { readonly project: string; readonly schemaSha256: string; readonly entry: DatasetEntry },
  sha256: HashText,
): { readonly manifest: DatasetManifest; readonly reasons: string[] } {
  const { project, entry } = addition;
  const continued = present?.schemaSha256 === addition.schemaSha256 ? present : undefined;
  const entries = [...(continued?.entries ?? []), entry];
  const manifest: DatasetManifest = {
    schemaVersion: 1,
    project,
    datasetId: sha256(
      canonicalJson({
        project,
        schemaSha256: addition.schemaSha256,
        entries: entries.map((one) => one.sha256),
      }),
    ),
    schemaSha256: addition.schemaSha256,
    entries,
    rows: entries.reduce((sum, one) => sum + one.rows, 0),
  };
  const reasons =
    present && !continued
      ? [
          `the schema or the split of '${project}' changed since dataset ${present.datasetId} ` +
            `(${present.entries.length} uploads, ${present.rows} rows): this upload starts a new dataset; ` +
            'upload the earlier files again to have them in it',
        ]
      : [];
  return { manifest, reasons };
}
