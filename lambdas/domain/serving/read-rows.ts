import type { FeatureValue } from '../../contracts/prediction-record.ts';
import type { FeatureColumns } from '../ports/served-models.ts';
import { describeValue, listNames } from './describe-value.ts';
import { fits, misfit, type FeatureSpec } from './feature-spec.ts';
import { isJsonObject, type JsonObject } from './json-body.ts';
import { maximumRows } from './limits.ts';
import { refuse, type Refusal } from './refusal.ts';

/** The rows of a request, as columns. */
export interface RowsAsked {
  readonly columns: FeatureColumns;
  readonly rows: number;
}

/** Reads the plain form, `{"rows":[{"feature":value,…},…]}`, for a model with these features. */
export function readRows({ json }: JsonObject, features: readonly FeatureSpec[]): RowsAsked | Refusal {
  const stranger = Object.keys(json).find((name) => name !== 'rows');
  if (stranger !== undefined)
    return refuse(`the body has a member ${listNames([stranger])}, expected 'rows' alone`);
  const rows = json['rows'];
  if (!Array.isArray(rows)) return refuse(`'rows' is ${describeValue(rows)}, expected a list of objects`);
  const problem = rowCountProblem(rows.length);
  if (problem) return problem;

  const columns = features.map((): FeatureValue[] => Array.from({ length: rows.length }));
  const known = new Set(features.map(({ name }) => name));
  for (const [i, row] of rows.entries()) {
    const refused = takeRow(row, i, features, known, columns);
    if (refused) return refused;
  }
  return { rows: rows.length, columns: namedColumns(features, columns) };
}

/** A request has from 1 to `maximumRows` rows. */
export function rowCountProblem(rows: number): Refusal | undefined {
  if (rows === 0) return refuse('the request has no rows, expected at least one');
  if (rows <= maximumRows) return undefined;
  return refuse(
    `the request has ${rows} rows, at most ${maximumRows} are taken: send them in several requests`,
  );
}

/** Pairs columns with their names. `fromEntries` defines members, so that no name reaches a prototype. */
export function namedColumns(
  features: readonly FeatureSpec[],
  columns: readonly FeatureValue[][],
): FeatureColumns {
  return Object.fromEntries(features.map(({ name }, j) => [name, columns[j] ?? []]));
}

function takeRow(
  row: unknown,
  index: number,
  features: readonly FeatureSpec[],
  known: ReadonlySet<string>,
  columns: readonly FeatureValue[][],
): Refusal | undefined {
  if (!isJsonObject(row))
    return refuse(`row ${index + 1} is ${describeValue(row)}, expected an object of features`);
  for (const [j, spec] of features.entries()) {
    if (!Object.hasOwn(row, spec.name)) return refuse(missing(row, spec, features, index));
    const value = row[spec.name];
    if (!isFeatureValue(value) || !fits(value, spec)) return refuse(misfit(value, spec, index + 1));
    const column = columns[j];
    if (column) column[index] = value;
  }
  const names = Object.keys(row);
  if (names.length === features.length) return undefined;
  const strangers = names.filter((name) => !known.has(name));
  return refuse(
    `row ${index + 1}: unknown feature ${listNames(strangers)}, expected ${listNames([...known])} and no other`,
  );
}

function missing(row: object, spec: FeatureSpec, features: readonly FeatureSpec[], index: number): string {
  const known = new Set(features.map(({ name }) => name));
  const strangers = Object.keys(row).filter((name) => !known.has(name));
  return (
    `row ${index + 1}: feature '${spec.name}' is missing` +
    (spec.nullable ? '; say null where it has no value' : '') +
    (strangers.length > 0 ? `, and ${listNames(strangers)} is unknown` : '')
  );
}

/** Narrows a JSON value to what a feature can be at all. */
export function isFeatureValue(value: unknown): value is FeatureValue {
  return (
    value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
  );
}
