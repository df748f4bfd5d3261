import { z } from 'zod';
import { validationError } from '../errors.ts';

/** What a list is sorted by, and a key that tells equal ones apart. */
type Position = readonly [value: string | number, key: string];

const token = z.tuple([z.union([z.string(), z.number()]), z.string()]);

export interface PageRequest {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
  readonly SortOrder?: 'Ascending' | 'Descending' | undefined;
}

/**
 * One page, of ten unless asked otherwise. The token names a position and not a count, so that pages stay right while
 * items come and go. Throws a ValidationException for a token that is not ours.
 */
export function paginate<Item>(
  items: readonly Item[],
  positionOf: (item: Item) => Position,
  { NextToken, MaxResults = 10, SortOrder = 'Ascending' }: PageRequest,
): { page: Item[]; NextToken: string | undefined } {
  const direction = SortOrder === 'Ascending' ? 1 : -1;
  const order = (a: Position, b: Position): number => direction * comparePositions(a, b);
  const after = NextToken === undefined ? undefined : decode(NextToken);
  const rest = items
    .filter((item) => after === undefined || order(positionOf(item), after) > 0)
    .sort((a, b) => order(positionOf(a), positionOf(b)));
  const page = rest.slice(0, MaxResults);
  const last = page.at(-1);
  const more = rest.length > page.length && last !== undefined;
  return { page, NextToken: more ? encode(positionOf(last)) : undefined };
}

function comparePositions(a: Position, b: Position): number {
  return compare(a[0], b[0]) || compare(a[1], b[1]);
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

const encode = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

function decode(text: string): Position {
  try {
    return token.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw validationError(`The NextToken '${text}' is not one that this action has given`);
  }
}
