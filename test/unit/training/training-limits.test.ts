import { describe, expect, it } from 'vitest';
import { tumours } from '../../builders/training.ts';

const day = 86_400;

describe('the time that a project gives its training', () => {
  it('may be a day, after which the machine has time left to say how it ended', () => {
    const { training } = tumours({ training: { maximumRuntimeSeconds: day, maximumWaitSeconds: day } });
    expect(training).toMatchObject({ maximumRuntimeSeconds: day, maximumWaitSeconds: day });
  });

  it.each(['maximumRuntimeSeconds', 'maximumWaitSeconds'])('may not be more: %s', (name) => {
    const training = { spot: false, [name]: day + 1 };
    expect(() => tumours({ training })).toThrow(/at most 86400 seconds \(24 hours\)/);
    expect(() => tumours({ training })).toThrow(`training.${name}`);
  });
});
