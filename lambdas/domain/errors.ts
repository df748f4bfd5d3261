/**
 * A failure that trying again cannot mend: bad input, a broken invariant, a missing permission.
 * It goes to quarantine, visible and alarmed, and is never retried. Any other exception means "try again".
 */
export class PermanentError extends Error {
  // On the prototype, so that the stack trace begins with it too.
  static {
    this.prototype.name = 'PermanentError';
  }
}

/** Somebody else changed the record first. Read again and decide again. */
export class ConflictError extends Error {
  // On the prototype, so that the stack trace begins with it too.
  static {
    this.prototype.name = 'ConflictError';
  }
}
