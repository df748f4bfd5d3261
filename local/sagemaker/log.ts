/** One line of the server's own log. `error` is the message of what went wrong, where something did. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly error?: string;
  readonly [field: string]: string | number | undefined;
}

export type Log = (entry: LogEntry) => void;

/** Writes JSON lines to stderr: stdout belongs to the line that announces the address. */
export const logToStderr: Log = (entry) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
};
