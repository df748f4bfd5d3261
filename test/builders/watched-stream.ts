import { DynamoDbMonitors } from '../../lambdas/adapters/dynamodb-monitors.ts';
import { DynamoDbRouting } from '../../lambdas/adapters/dynamodb-routing.ts';
import { ModelBaselines } from '../../lambdas/adapters/model-baselines.ts';
import type { ModelManifest } from '../../lambdas/contracts/model-manifest.ts';
import { defineProject, type ProjectInput } from '../../lambdas/contracts/project-definition.ts';
import type { RoutingTable } from '../../lambdas/contracts/routing.ts';
import type { RecordKey, Records } from '../../lambdas/domain/ports/records.ts';
import { watchPredictions } from '../../lambdas/handlers/watch-predictions/handler.ts';
import { manifestWith } from './drift.ts';
import { InMemoryObjectStore } from './in-memory-object-store.ts';
import { InMemoryRecords } from './in-memory-records.ts';

export function project(name: string, changes: Pick<ProjectInput, 'monitors' | 'rollout'> = {}) {
  return defineProject({
    name,
    description: 'for tests',
    schema: {
      features: { length: { type: 'number' } },
      target: { column: 'kind', type: 'category', values: ['setosa', 'virginica'] },
    },
    gate: { primaryMetric: 'accuracy' },
    ...changes,
  });
}

export function routingRow(name: string, changes: Partial<RoutingTable> = {}): RoutingTable {
  return {
    project: name,
    revision: 1,
    champion: { version: 1, artifactUri: `s3://artifacts/${name}/models/run-1/` },
    updatedAt: '2026-11-21T01:00:00.000Z',
    ...changes,
  };
}

/** The watcher of predictions over tables and objects in memory. Every version has the same baseline. */
export class WatchedStream {
  readonly monitors = new InMemoryRecords();
  readonly routing = new InMemoryRecords();
  readonly objects = new InMemoryObjectStore();
  readonly #definitions: ReturnType<typeof project>[];

  constructor(definitions: ReturnType<typeof project>[], baseline: ModelManifest['baseline']) {
    this.#definitions = definitions;
    for (const { name } of definitions) {
      this.route(routingRow(name));
      for (const version of [1, 2, 3]) {
        this.objects.put(
          `s3://artifacts/${name}/models/run-${version}/manifest.json`,
          manifestWith(baseline),
        );
      }
    }
  }

  route(table: RoutingTable): void {
    this.routing.seed({ ...table, record: 'routing' });
  }

  /** A watcher as after a cold start. @param monitors in place of the table, to make it fail */
  watcher(monitors: Records = this.monitors) {
    return watchPredictions({
      projects: Object.fromEntries(this.#definitions.map((definition) => [definition.name, definition])),
      monitors: new DynamoDbMonitors(monitors),
      routing: new DynamoDbRouting(this.routing),
      baselines: new ModelBaselines(this.objects),
    });
  }

  /** Everything in the monitors table, in order and without revisions, which count the commits. */
  kept(): unknown[] {
    return this.records('').map((item) =>
      Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'revision')),
    );
  }

  /** Items whose sort key begins with `prefix`, by sort key and project. */
  records(prefix: string) {
    const place = ({ project: name, record }: RecordKey) => `${record} ${name}`;
    return this.monitors
      .all()
      .filter(({ record }) => record.startsWith(prefix))
      .toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  }
}
