import type { ProjectCatalog } from '../../contracts/project-definition.ts';
import type { ObjectStore } from '../../domain/ports/object-store.ts';
import type { Records } from '../../domain/ports/records.ts';
import type { UploadConverter } from '../../domain/ports/upload-converter.ts';

/** What ingest needs from the world. */
export interface IngestDependencies {
  readonly projects: ProjectCatalog;
  /** The ledger. */
  readonly records: Records;
  readonly objects: ObjectStore;
  readonly converter: UploadConverter;
  readonly curatedBucket: string;
  /** ISO 8601 in UTC. */
  readonly now: () => string;
}
