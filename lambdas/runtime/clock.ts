/** The present instant, as the contracts spell it. */
export const systemClock = (): string => new Date().toISOString();
