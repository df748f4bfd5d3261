import { createHash } from 'node:crypto';
import type { RouteTarget, RoutingTable } from '../../contracts/routing.ts';

/** Which part of the routing table answers. */
export interface Candidate {
  readonly variant: 'champion' | 'challenger' | 'pinned';
  readonly target: RouteTarget;
}

/**
 * A number in [0, 100) that depends on the texts alone, evenly spread.
 * The first 32 bits of SHA-256; the texts are told apart by their lengths.
 */
export function hashPercent(...texts: readonly string[]): number {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return (hash.digest().readUInt32BE(0) / 2 ** 32) * 100;
}

/**
 * Whether this key's traffic goes to the challenger. A key that is with the challenger stays there while the weight
 * rises; with the next challenger it is another key's turn, because the version is part of the hash.
 */
export function goesToChallenger(routing: RoutingTable, key: string): boolean {
  const { challenger } = routing;
  if (!challenger || challenger.weightPercent === 0) return false;
  return hashPercent(routing.project, String(challenger.version), key) < challenger.weightPercent;
}

/**
 * Who shall answer, in the order to be tried. Behind a challenger stands the champion; behind the champion, the one last
 * verified here, then its predecessor.
 * @param key decides between champion and challenger; without one, it is the champion
 */
export function candidates(
  routing: RoutingTable,
  key: string | undefined,
  lastVerified: RouteTarget | undefined,
): Candidate[] {
  const behind = [routing.champion, lastVerified, routing.previous].filter((target) => target !== undefined);
  const champions = behind.filter(
    (target, i) => behind.findIndex(({ version }) => version === target.version) === i,
  );
  const list = champions.map((target): Candidate => ({ variant: 'champion', target }));
  if (routing.challenger && key !== undefined && goesToChallenger(routing, key)) {
    list.unshift({ variant: 'challenger', target: routing.challenger });
  }
  return list;
}

/** The versions that may be asked for by number, rising. */
export function pinnable(routing: RoutingTable): RouteTarget[] {
  const targets = [routing.champion, routing.challenger, routing.previous].filter(
    (target) => target !== undefined,
  );
  const unique = targets.filter(
    (target, i) => targets.findIndex(({ version }) => version === target.version) === i,
  );
  return unique.toSorted((a, b) => a.version - b.version);
}
