/** The caller's mistake, in one sentence: what came, what was expected. It becomes a 400 and nothing else. */
export interface Refusal {
  readonly refused: string;
}

export function refuse(sentence: string): Refusal {
  return { refused: sentence };
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}
