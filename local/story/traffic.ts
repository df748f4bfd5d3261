import { setTimeout as pause } from 'node:timers/promises';
import type { Millrace } from '../../cli/client/connect.ts';
import type { Row } from '../../cli/client/predictions.ts';

export interface TrafficReport {
  readonly requests: number;
  readonly failed: number;
  /** The first failure, in the API's words. */
  readonly firstFailure: string | undefined;
  /** Answered requests by model version. */
  readonly byVersion: Readonly<Record<string, number>>;
}

export interface Traffic {
  report(): TrafficReport;
  /** Ends after the requests on their way and gives the last count. */
  stop(): Promise<TrafficReport>;
}

export interface TrafficOptions {
  readonly project: string;
  /** Sent in turn, again and again. */
  readonly rows: readonly Row[];
  readonly rowsPerRequest: number;
  /** Pause after each request, in milliseconds. */
  readonly pauseMs: number;
}

/** Sends prediction requests one after the other until it is stopped, and counts the answers. */
export function startTraffic(
  millrace: Millrace,
  { project, rows, rowsPerRequest, pauseMs }: TrafficOptions,
): Traffic {
  let running = true;
  let requests = 0;
  let failed = 0;
  let firstFailure: string | undefined;
  const byVersion: Record<string, number> = {};
  const loop = async (): Promise<void> => {
    for (let start = 0; running; start = (start + rowsPerRequest) % rows.length) {
      requests += 1;
      try {
        const { version } = await millrace.predict(project, rows.slice(start, start + rowsPerRequest));
        byVersion[version] = (byVersion[version] ?? 0) + 1;
      } catch (error) {
        failed += 1;
        firstFailure ??= error instanceof Error ? error.message : String(error);
      }
      await pause(pauseMs);
    }
  };
  const done = loop();
  const report = (): TrafficReport => ({ requests, failed, firstFailure, byVersion: { ...byVersion } });
  return {
    report,
    async stop() {
      running = false;
      await done;
      return report();
    },
  };
}
