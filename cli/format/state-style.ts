import type { Style } from '../output.ts';

const styles: Readonly<Record<string, Style>> = {
  accepted: 'green',
  registered: 'green',
  Approved: 'green',
  champion: 'green',
  requested: 'cyan',
  running: 'cyan',
  challenger: 'cyan',
  duplicate: 'yellow',
  declined: 'yellow',
  PendingManualApproval: 'yellow',
  rejected: 'red',
  failed: 'red',
  Rejected: 'red',
};

/** The colour of a state's word, the same in every command. */
export function stateCell(state: string | undefined): { text: string; style: Style } | undefined {
  return state === undefined ? undefined : { text: state, style: styles[state] ?? 'dim' };
}
