import type { ImageMap } from './images.ts';
import type { Log } from './log.ts';

export interface SageMakerOptions {
  /** Folder that keeps all state; created if absent. One server at a time may use it. */
  readonly stateDir: string;
  /** Endpoint of the emulator that has S3, EventBridge and CloudWatch Logs. Must be a loopback address. */
  readonly emulatorEndpoint: string;
  readonly images: ImageMap;
  /** @default 0, a free port */
  readonly port?: number;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** Twelve digits. @default '000000000000' */
  readonly accountId?: string;
  /** Training processes at one time; further jobs wait as `Pending`. @default 1 */
  readonly maxConcurrentJobs?: number;
  /** Seconds between SIGTERM and SIGKILL for a job that is stopped. @default 120, as on SageMaker */
  readonly stopGraceSeconds?: number;
  /** Seconds between SIGTERM and SIGKILL for jobs still running when the server stops. @default 5 */
  readonly shutdownGraceSeconds?: number;
  /** @default JSON lines on stderr */
  readonly log?: Log;
}

/** The account and region that ARNs are made of. */
export interface Identity {
  readonly region: string;
  readonly accountId: string;
}
