/**
 * A failure that a person can act on: its message is one sentence that says what was received and how to mend it.
 * The command prints it as it stands, without a stack trace.
 */
export class MillraceError extends Error {
  override readonly name: string = 'MillraceError';
}
