import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { capturePartition } from '../../../lambdas/domain/serving/capture-partition.ts';

describe('the partition of a captured prediction', () => {
  it('is the project alone, so that its windows are whole', () => {
    const keys = new Set(Array.from({ length: 50 }, () => capturePartition('iris', randomUUID(), 1)));
    expect([...keys]).toEqual(['iris']);
  });

  it('spreads evenly over as many keys as are asked for', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const key = capturePartition('iris', `inference-${i}`, 4);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted()).toEqual(['iris/0', 'iris/1', 'iris/2', 'iris/3']);
    // Four standard deviations of a fair share of 1000: 4 · √(4000 · ¼ · ¾) ≈ 110.
    expect(Math.max(...[...counts.values()].map((count) => Math.abs(count - 1000)))).toBeLessThan(110);
  });

  it('is the same for the same inference', () => {
    expect(capturePartition('iris', 'one', 7)).toBe(capturePartition('iris', 'one', 7));
  });
});
