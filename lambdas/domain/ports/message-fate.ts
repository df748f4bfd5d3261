/** A message that was not handled. */
export interface UnhandledMessage {
  readonly messageId: string;
  readonly body: string;
  /** ARN of the queue that it came from. */
  readonly queueArn: string;
  readonly receiptHandle: string;
  /** How often it was received, this time included. */
  readonly receives: number;
}

/** What becomes of a message that was not handled. */
export interface MessageFate {
  /** Takes a message that can never be handled out of circulation, with the reason, without losing it. */
  bury(message: UnhandledMessage, reason: string): Promise<void>;
  /** Lets a message come again after a pause that grows with each try. */
  postpone(message: UnhandledMessage): Promise<void>;
}
