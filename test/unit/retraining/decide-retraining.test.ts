import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRetraining } from '../../../lambdas/domain/retraining/decide-retraining.ts';
import { afterNoon, head, noon, policy } from '../../builders/training.ts';

const limits = { coolDownMinutes: 60, minimumNewRows: 10, minimumNewRowsOnDrift: 2 };
const trainedAtNoon = policy({ trainedRows: 90, lastRequestedAt: noon });

describe('the retraining policy', () => {
  it('says no while there is no data, even to a person', () => {
    expect(decideRetraining('person', undefined, undefined, limits, noon, 1)).toEqual({
      answer: 'declined',
      reasons: ['there is no data yet: upload a file to the project first'],
    });
  });

  it('starts the first training on enough rows, with a sentence for each rule', () => {
    expect(decideRetraining('new-data', undefined, head({ rows: 10 }), limits, noon, 1)).toEqual({
      answer: 'requested',
      reasons: [
        'no other run is going',
        'no run was requested before',
        '10 new rows since the last training, at least 10 wanted',
      ],
    });
  });

  it('names every rule that says no', () => {
    const state = policy({ trainedRows: 95, lastRequestedAt: noon, activeRun: 'tumours-1' });
    expect(decideRetraining('new-data', state, head(), limits, afterNoon(20), 1)).toEqual({
      answer: 'declined',
      reasons: [
        'run tumours-1 is still going',
        'the last run was requested 20 min ago, the cool-down is 60 min',
        '5 new rows since the last training, at least 10 wanted',
      ],
    });
  });

  it('asks for fewer rows after drift, but for as many before the first training', () => {
    const answer = (trainedRows: number, rows: number) =>
      decideRetraining('drift', policy({ trainedRows }), head({ rows }), limits, noon, 1).answer;
    expect(answer(90, 92)).toBe('requested');
    expect(answer(90, 91)).toBe('declined');
    expect(answer(0, 9)).toBe('declined');
  });

  it('lets a person override cool-down and rows, and says so', () => {
    const { answer, reasons } = decideRetraining(
      'person',
      trainedAtNoon,
      head({ rows: 90 }),
      limits,
      afterNoon(1),
      1,
    );
    expect(answer).toBe('requested');
    expect(reasons).toEqual([
      'no other run is going',
      'the last run was requested 1 min ago, the cool-down is 60 min, which a person overrides',
      '0 new rows since the last training, at least 10 wanted, which a person overrides',
    ]);
  });

  it('does not let a person override a running run', () => {
    const state = policy({ activeRun: 'tumours-1' });
    expect(decideRetraining('person', state, head(), limits, noon, 1).answer).toBe('declined');
  });

  it('scales the cool-down', () => {
    const answer = (timeScale: number) =>
      decideRetraining('new-data', trainedAtNoon, head(), limits, afterNoon(1), timeScale).answer;
    expect(answer(1)).toBe('declined');
    expect(answer(1 / 60)).toBe('requested');
  });
});

describe('whatever the state', () => {
  const causes = fc.constantFrom('new-data' as const, 'drift' as const, 'person' as const);
  const states = fc.option(
    fc.record({
      activeRun: fc.option(fc.constant('tumours-1'), { nil: undefined }),
      lastRequestedAt: fc.option(fc.integer({ min: -500, max: 0 }).map(afterNoon), { nil: undefined }),
      trainedRows: fc.nat(200),
    }),
    { nil: undefined },
  );
  const policies = fc.record({
    coolDownMinutes: fc.nat(300),
    minimumNewRows: fc.nat(150),
    minimumNewRowsOnDrift: fc.nat(20),
  });
  const rows = fc.integer({ min: 1, max: 400 });
  const scales = fc.constantFrom(1, 0.1, 0.001);
  const decide = (
    cause: Parameters<typeof decideRetraining>[0],
    state: Parameters<typeof policy>[0],
    datasetRows: number | undefined,
    anyPolicy: typeof limits,
    scale: number,
  ) =>
    decideRetraining(
      cause,
      state && policy(state),
      datasetRows === undefined ? undefined : head({ rows: datasetRows }),
      anyPolicy,
      noon,
      scale,
    );

  it('is never yes while a run is going or without data, and always has reasons, the same ones each time', () => {
    fc.assert(
      fc.property(causes, states, fc.option(rows, { nil: undefined }), policies, scales, (...situation) => {
        const [, state, datasetRows] = situation;
        const decision = decide(...situation);
        if (state?.activeRun !== undefined || datasetRows === undefined)
          expect(decision.answer).toBe('declined');
        expect(decision.reasons.length).toBeGreaterThan(0);
        expect(decision.reasons.every((reason) => reason.length > 0)).toBe(true);
        expect(decide(...situation)).toEqual(decision);
      }),
    );
  });

  it('does not turn a yes into a no when there are more rows', () => {
    fc.assert(
      fc.property(
        causes,
        states,
        rows,
        fc.nat(100),
        policies,
        scales,
        (cause, state, few, more, anyPolicy, scale) => {
          fc.pre(decide(cause, state, few, anyPolicy, scale).answer === 'requested');
          expect(decide(cause, state, few + more, anyPolicy, scale).answer).toBe('requested');
        },
      ),
    );
  });

  it('gives a person a yes wherever data alone gets one', () => {
    fc.assert(
      fc.property(causes, states, rows, policies, scales, (cause, ...situation) => {
        fc.pre(decide(cause, ...situation).answer === 'requested');
        expect(decide('person', ...situation).answer).toBe('requested');
      }),
    );
  });
});
