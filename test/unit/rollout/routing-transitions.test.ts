import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routingTable, type RouteTarget, type RoutingTable } from '../../../lambdas/contracts/routing.ts';
import {
  beginRollout,
  promote,
  raiseWeight,
  rollBack,
  withdrawChallenger,
  type TransitionResult,
} from '../../../lambdas/domain/rollout/routing-transitions.ts';

const at = '2026-11-21T01:00:00.000Z';
const occasion = { reasons: ['because'], at };
const target = (version: number): RouteTarget => ({
  version,
  artifactUri: `s3://artifacts/iris/models/run-${version}`,
});
const candidate = (version: number) => ({ project: 'iris', ...target(version) });

const versions = fc.integer({ min: 1, max: 6 });
const weights = fc.integer({ min: 1, max: 99 });
interface Named {
  readonly name: 'begin' | 'raise' | 'promote' | 'withdraw' | 'back';
  readonly version: number;
  readonly apply: (table: RoutingTable | undefined) => TransitionResult;
}
const command = fc
  .record({
    name: fc.constantFrom<Named['name'][]>('begin', 'raise', 'promote', 'withdraw', 'back'),
    version: versions,
    weight: weights,
    bare: fc.boolean(),
  })
  .map(({ name, version, weight, bare }): Named => {
    const apply: Named['apply'] = (table) => {
      switch (name) {
        case 'begin':
          return beginRollout(table, candidate(version), bare ? undefined : weight, occasion);
        case 'raise':
          return raiseWeight(table, version, weight, occasion);
        case 'promote':
          return promote(table, version, occasion);
        case 'withdraw':
          return withdrawChallenger(table, version, 'verdict', occasion);
        case 'back':
          return rollBack(table, bare ? undefined : target(version), occasion);
      }
    };
    return { name, version, apply };
  });

describe('routing transitions', () => {
  it('keep one champion, weights below 100, and the champion before, in any order of commands', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        let table: RoutingTable | undefined;
        for (const { name, version, apply } of commands) {
          const before = structuredClone(table);
          const result = apply(table);
          expect(table).toEqual(before);
          if ('refused' in result) {
            expect(result.refused.length).toBeGreaterThan(0);
            continue;
          }
          const { next, announce } = result;
          expect(routingTable.parse(next)).toEqual(next);
          expect(next.revision).toBe((before?.revision ?? 0) + 1);
          expect(next.challenger?.version).not.toBe(next.champion.version);
          if (before && next.champion.version !== before.champion.version) {
            expect(next.previous).toEqual(before.champion);
            expect(announce.kind).not.toBe('advanced');
          } else expect(next.previous).toEqual(before?.previous);
          // Only a rollout that begins may touch another version's share.
          if (['raise', 'promote', 'withdraw'].includes(name))
            expect(before?.challenger?.version).toBe(version);
          expect(announce.detail.champion).toBe(before?.champion.version);
          table = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  const started = (): RoutingTable => ({
    project: 'iris',
    revision: 4,
    champion: target(2),
    previous: target(1),
    challenger: { ...target(3), weightPercent: 10 },
    updatedAt: at,
  });
  const quiet = (): RoutingTable => ({
    project: 'iris',
    revision: 4,
    champion: target(2),
    previous: target(1),
    updatedAt: at,
  });

  it('makes the first version champion at once', () => {
    expect(beginRollout(undefined, candidate(1), 10, occasion)).toMatchObject({
      next: { revision: 1, champion: target(1) },
      announce: {
        kind: 'promoted',
        detail: {
          version: 1,
          reasons: ['because', 'the first model of the project: there is no champion to compare it with'],
        },
      },
    });
  });

  it('lets a newer version take the place of an older challenger, and never an older one', () => {
    expect(beginRollout(started(), candidate(4), 10, occasion)).toMatchObject({
      next: { champion: target(2), challenger: { version: 4, weightPercent: 10 } },
      announce: { detail: { reasons: ['because', 'takes the place of challenger 3, which is older'] } },
    });
    expect(beginRollout({ ...started(), champion: target(1) }, candidate(2), 10, occasion)).toEqual({
      refused: 'version 3 is the challenger at 10 % already',
    });
    expect(beginRollout(quiet(), candidate(1), 10, occasion)).toEqual({
      refused: 'version 2 is champion and newer than version 1',
    });
  });

  it('refuses the moves of a rollout that lost its place', () => {
    const refused = { refused: 'version 2 is not the challenger: version 3 is' };
    expect(raiseWeight(started(), 2, 50, occasion)).toEqual(refused);
    expect(promote(started(), 2, occasion)).toEqual(refused);
    expect(withdrawChallenger(started(), 2, 'verdict', occasion)).toEqual(refused);
    expect(promote(undefined, 2, occasion)).toEqual({
      refused: 'version 2 is not the challenger: there is none',
    });
  });

  it('restores the champion before, and can itself be undone', () => {
    const back = rollBack(quiet(), undefined, occasion);
    expect(back).toMatchObject({
      next: { champion: target(1), previous: target(2) },
      announce: { kind: 'rolled-back', detail: { version: 2, by: 'person' } },
    });
    expect('next' in back && rollBack(back.next, undefined, occasion)).toMatchObject({
      next: { champion: target(2), previous: target(1) },
    });
  });

  it.each([undefined, target(2)])('ends a rollout and keeps the champion, asked for %o', (to) => {
    const result = rollBack(started(), to, occasion);
    expect(result).toMatchObject({
      next: { champion: target(2), previous: target(1) },
      announce: { kind: 'rolled-back', detail: { version: 3 } },
    });
    expect('next' in result && result.next.challenger).toBeUndefined();
  });

  it('goes to any version named, but for the champion and the challenger', () => {
    const result = rollBack(started(), target(1), occasion);
    expect(result).toMatchObject({ next: { champion: target(1), previous: target(2) } });
    expect('next' in result && result.next.challenger).toBeUndefined();
    expect(rollBack(quiet(), target(2), occasion)).toEqual({ refused: 'version 2 is the champion already' });
    expect(rollBack(started(), target(3), occasion)).toMatchObject({ refused: /its rollout decides/ });
    const { previous: _, ...alone } = quiet();
    expect(rollBack(alone, undefined, occasion)).toEqual({
      refused: 'version 2 is the champion and has no predecessor',
    });
  });
});
